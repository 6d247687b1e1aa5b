// Stands where Shopify's app-bridge.js stands: first script of an embedded app. Speaks with admin-frame.js in the
// parent by postMessage. Surface after @shopify/app-bridge-types 0.7.2.
(() => {
  if (window.shopify?.config) return; // the app may name the script twice (its own head and a library's provider)

  const script = document.currentScript;
  const adminOrigin = new URL(script.src).origin;
  const parameters = new URLSearchParams(location.search);
  const remembered = JSON.parse(sessionStorage.getItem('app-bridge-config') ?? '{}');
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
  const list = (text) =>
    (text ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean);

  const config = {
    apiKey: meta('shopify-api-key') ?? script.dataset.apiKey ?? remembered.apiKey ?? '',
    shop: parameters.get('shop') ?? remembered.shop,
    host: parameters.get('host') ?? remembered.host,
    locale: parameters.get('locale') ?? remembered.locale ?? 'en-US',
    disabledFeatures: list(meta('shopify-disabled-features')),
    appOrigins: list(meta('shopify-app-origins')),
    experimentalFeatures: [],
  };
  if (!config.apiKey)
    console.error(
      'App Bridge: missing required configuration fields: api-key. Add <meta name="shopify-api-key"> before the script.',
    );
  sessionStorage.setItem(
    'app-bridge-config',
    JSON.stringify({ apiKey: config.apiKey, shop: config.shop, host: config.host, locale: config.locale }),
  );

  const storeName = (config.shop ?? '').replace(/\.myshopify\.com$/, '');
  const embedded = window.top !== window;
  /** Parameters Shopify adds to the first address; they belong neither in the admin's address bar nor to the app's state. */
  const shopifyParameters = [
    'shop',
    'host',
    'embedded',
    'id_token',
    'locale',
    'session',
    'timestamp',
    'hmac',
    'shopify-reload',
  ];

  function ownPath(url = location) {
    const search = new URLSearchParams(url.search);
    for (const name of shopifyParameters) search.delete(name);
    const rest = search.toString();
    return `${url.pathname}${rest ? `?${rest}` : ''}${url.hash ?? ''}`;
  }

  const adminUrl = (path) => `${adminOrigin}/admin/store/${storeName}/${path.replace(/^\//, '')}`;

  if (!embedded && storeName && config.host && !config.disabledFeatures.includes('auto-redirect')) {
    location.replace(adminUrl(`apps/${config.apiKey}${ownPath()}`));
    return;
  }

  // Messages to the parent and back

  let lastCall = 0;
  const waiting = new Map();
  const listeners = new Map();

  function tell(type, payload) {
    window.parent.postMessage({ from: 'app-bridge', type, payload }, adminOrigin);
  }

  function ask(type, payload) {
    return new Promise((resolve, reject) => {
      const call = ++lastCall;
      waiting.set(call, { resolve, reject });
      window.parent.postMessage({ from: 'app-bridge', type, payload, call }, adminOrigin);
    });
  }

  const on = (event, listener) => listeners.set(event, listener);

  addEventListener('message', ({ data, origin }) => {
    if (origin !== adminOrigin || data?.from !== 'shopify-admin') return;
    if (data.call) {
      const call = waiting.get(data.call);
      waiting.delete(data.call);
      if (data.error) call?.reject(new Error(data.error));
      else call?.resolve(data.result);
    } else {
      listeners.get(data.event)?.(data.payload);
    }
  });

  const idToken = () => ask('id-token');

  // fetch with the merchant's identity

  const plainFetch = window.fetch.bind(window);
  if (!config.disabledFeatures.includes('fetch')) {
    window.fetch = async (input, init) => {
      const request = new Request(input, init);
      const { origin, hostname } = new URL(request.url);
      const own =
        origin === location.origin ||
        hostname.endsWith(`.${location.hostname}`) ||
        config.appOrigins.includes(origin);
      if (!own || request.headers.has('Authorization')) return plainFetch(request);
      const send = async () => {
        const copy = request.clone();
        copy.headers.set('Authorization', `Bearer ${await idToken()}`);
        copy.headers.set('X-Requested-With', 'XMLHttpRequest');
        if (!copy.headers.has('Accept-Language')) copy.headers.set('Accept-Language', config.locale);
        return plainFetch(copy);
      };
      let response = await send();
      if (response.headers.get('X-Shopify-Retry-Invalid-Session-Request') === '1') response = await send();
      const reauthorize = response.headers.get('X-Shopify-API-Request-Failure-Reauthorize-Url');
      if (reauthorize) open(new URL(reauthorize, location.href).href, '_top');
      return response;
    };
  }

  /** A whole new document in the frame needs what Shopify puts into the first address. */
  async function load(path) {
    const url = new URL(path, location.origin);
    if (url.origin !== location.origin) throw new Error('App Bridge loads only addresses of the app itself.');
    url.searchParams.set('shop', config.shop);
    url.searchParams.set('host', config.host);
    url.searchParams.set('embedded', '1');
    url.searchParams.set('locale', config.locale);
    url.searchParams.set('id_token', await idToken());
    location.replace(url);
  }

  const reload = parameters.get('shopify-reload');
  if (reload && embedded) {
    // The bounce page: the server had no token, so the page it wanted is loaded again with one.
    void load(new URL(reload, location.origin));
  }

  // Addresses of the admin, and windows

  /** An admin address for a link the app wrote, or null when the link is none of ours. */
  function adminTarget(href) {
    const short = /^shopify:\/*admin(\/.*)?$/.exec(href);
    if (short) return adminUrl(short[1] ?? '');
    let url;
    try {
      url = new URL(href, location.href);
    } catch {
      return null;
    }
    if (url.hostname === 'admin.shopify.com') {
      return `${adminOrigin}/admin${url.pathname}${url.search}`;
    }
    if (url.hostname === config.shop) {
      if (/^\/admin(\/|$)/.test(url.pathname))
        return adminUrl(url.pathname.slice('/admin'.length) + url.search);
      return `${adminOrigin}/store/${config.shop}${url.pathname.replace(/\/$/, '')}${url.search}`;
    }
    return null;
  }

  const plainOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    const href = String(url ?? '');
    const admin = adminTarget(href);
    const wholePage = target === '_top' || target === '_parent';
    if (admin && target === '_blank') return plainOpen(admin, target, features);
    if (admin) {
      tell('go', admin);
      return null;
    }
    const full = new URL(href, location.href);
    if (wholePage) {
      tell(
        'go',
        full.origin === location.origin ? adminUrl(`apps/${config.apiKey}${ownPath(full)}`) : full.href,
      );
      return null;
    }
    if (target === '_self' && full.origin === location.origin) {
      navigate(ownPath(full));
      return null;
    }
    return plainOpen(url, target, features);
  };

  document.addEventListener('click', (event) => {
    const link = event.composedPath().find((element) => element instanceof HTMLAnchorElement);
    if (!link || event.defaultPrevented || event.button !== 0) return;
    const href = link.getAttribute('href') ?? '';
    const target = link.target;
    if (!adminTarget(href) && !(target === '_top' && new URL(href, location.href).origin === location.origin))
      return;
    event.preventDefault();
    window.open(href, event.metaKey || event.ctrlKey ? '_blank' : target || '_top');
  });

  // Navigation: the parent shows where the frame is, and the frame goes where the parent's menu says

  let navigateListeners = 0;
  const plainAdd = window.addEventListener;
  window.addEventListener = function (type, ...rest) {
    if (type === 'shopify:navigate') navigateListeners += 1;
    return plainAdd.call(this, type, ...rest);
  };
  const plainRemove = window.removeEventListener;
  window.removeEventListener = function (type, ...rest) {
    if (type === 'shopify:navigate') navigateListeners -= 1;
    return plainRemove.call(this, type, ...rest);
  };

  function navigate(href, source) {
    if (navigateListeners === 0) return void load(href);
    const element =
      source ?? document.body.appendChild(Object.assign(document.createElement('a'), { hidden: true }));
    if (!source) element.setAttribute('href', href);
    element.dispatchEvent(
      new CustomEvent('shopify:navigate', { bubbles: true, composed: true, cancelable: true }),
    );
    if (!source) element.remove();
  }

  /** A press in the parent on something the app drew: the element's own handler first (a router's link), then the event. */
  function press(element) {
    if (!element) return;
    const href = element.getAttribute('href');
    if (!href) return void element.click();
    if (adminTarget(href) || element.target === '_blank' || element.target === '_top')
      return void window.open(href, element.target || '_top');
    const click = new MouseEvent('click', { bubbles: true, composed: true, cancelable: true, view: window });
    let handled = false;
    const last = (event) => {
      handled = event.defaultPrevented;
      event.preventDefault();
    };
    plainAdd.call(window, 'click', last, { once: true });
    element.dispatchEvent(click);
    plainRemove.call(window, 'click', last);
    if (!handled) navigate(href, element);
  }

  function report() {
    tell('location', { path: ownPath(), title: document.title });
  }
  for (const name of ['pushState', 'replaceState']) {
    const plain = history[name].bind(history);
    history[name] = (...rest) => {
      plain(...rest);
      report();
    };
  }
  addEventListener('popstate', report);

  // What the app draws in the parent: elements of its own, each told to the parent whenever it changes

  const handles = new WeakMap();
  const held = new Map();
  let lastHandle = 0;
  function handleOf(element) {
    if (!handles.has(element)) {
      handles.set(element, `h${++lastHandle}`);
      held.set(handles.get(element), new WeakRef(element));
    }
    return handles.get(element);
  }
  on('press', (handle) => press(held.get(handle)?.deref()));

  const item = (element) => ({
    handle: handleOf(element),
    label: element.textContent.trim(),
    href: element.getAttribute('href'),
    variant: element.getAttribute('variant'),
    tone: element.getAttribute('tone'),
    disabled: element.hasAttribute('disabled') || element.disabled === true,
    loading: element.hasAttribute('loading') && element.getAttribute('loading') !== 'false',
    current: element.getAttribute('href') === location.pathname,
  });

  // Neither a style element nor a style attribute: both would differ from the server's markup when React hydrates.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(
    'ui-nav-menu,s-app-nav,ui-title-bar,ui-save-bar,ui-modal,s-app-window{display:none!important}',
  );
  document.adoptedStyleSheets.push(sheet);

  class Told extends HTMLElement {
    connectedCallback() {
      this.watcher ??= new MutationObserver(() => this.changed());
      this.watcher.observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
      queueMicrotask(() => this.changed());
    }

    disconnectedCallback() {
      this.watcher.disconnect();
      queueMicrotask(() => {
        if (!this.isConnected) this.gone();
      });
    }

    changed() {}
    gone() {}
  }

  class NavMenu extends Told {
    changed() {
      const links = [...this.querySelectorAll('[href]')].filter(
        (link) => link.getAttribute('rel') !== 'home',
      );
      tell('nav', links.map(item));
    }

    gone() {
      tell('nav', []);
    }
  }
  customElements.define('ui-nav-menu', NavMenu);
  customElements.define('s-app-nav', class extends NavMenu {});

  function titleOf(bar) {
    return {
      title: bar.getAttribute('title') ?? '',
      items: [...bar.querySelectorAll(':scope > a, :scope > button')].map(item),
      groups: [...bar.querySelectorAll(':scope > section')].map((section) => ({
        label: section.getAttribute('label'),
        items: [...section.querySelectorAll('a, button')].map(item),
      })),
    };
  }
  customElements.define(
    'ui-title-bar',
    class extends Told {
      static observedAttributes = ['title'];

      attributeChangedCallback() {
        if (this.isConnected) this.changed();
      }

      changed() {
        const modal = this.closest('ui-modal');
        if (modal) modal.dress();
        else tell('title', titleOf(this));
      }

      gone() {
        tell('title', null);
      }
    },
  );

  class SaveBar extends Told {
    constructor() {
      super();
      this.showing = false;
    }

    get discardConfirmation() {
      return this.hasAttribute('discardconfirmation');
    }

    set discardConfirmation(value) {
      this.toggleAttribute('discardconfirmation', Boolean(value));
    }

    changed() {
      if (!this.showing) return;
      const buttons = [...this.querySelectorAll('button')];
      const save = buttons.find((button) => button.getAttribute('variant') === 'primary');
      const discard = buttons.find((button) => button !== save);
      tell('save-bar', {
        handle: handleOf(this),
        save: save ? item(save) : null,
        discard: discard ? item(discard) : null,
        confirm: this.discardConfirmation,
      });
    }

    async show() {
      if (this.showing) return;
      this.showing = true;
      this.changed();
      this.dispatchEvent(new Event('show'));
    }

    async hide() {
      if (!this.showing) return;
      this.showing = false;
      tell('save-bar-gone', handleOf(this));
      this.dispatchEvent(new Event('hide'));
    }

    toggle() {
      return this.showing ? this.hide() : this.show();
    }

    gone() {
      void this.hide();
    }
  }
  customElements.define('ui-save-bar', SaveBar);

  // A form with data-save-bar gets a bar of its own that follows its first change, its submit and its reset.
  const formBars = new WeakMap();
  function barOf(form) {
    if (!formBars.has(form)) {
      const bar = document.createElement('ui-save-bar');
      bar.discardConfirmation = form.hasAttribute('data-discard-confirmation');
      const save = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Save' });
      save.setAttribute('variant', 'primary');
      save.addEventListener('click', () => form.requestSubmit());
      const discard = Object.assign(document.createElement('button'), {
        type: 'button',
        textContent: 'Discard',
      });
      discard.addEventListener('click', () => form.reset());
      bar.append(save, discard);
      document.body.append(bar);
      formBars.set(form, bar);
      const formLeft = new MutationObserver(() => {
        if (form.isConnected) return;
        formLeft.disconnect();
        bar.remove();
        formBars.delete(form);
      });
      formLeft.observe(document.body, { childList: true, subtree: true });
    }
    return formBars.get(form);
  }
  for (const type of ['input', 'change']) {
    document.addEventListener(type, (event) => {
      const form = event.target.form ?? event.target.closest?.('form');
      if (form?.hasAttribute('data-save-bar')) void barOf(form).show();
    });
  }
  for (const type of ['submit', 'reset']) {
    document.addEventListener(type, (event) => {
      if (event.target.hasAttribute?.('data-save-bar')) void formBars.get(event.target)?.hide();
    });
  }

  class Modal extends HTMLElement {
    constructor() {
      super();
      this.content = document.createElement('div');
    }

    disconnectedCallback() {
      this.dialog?.remove();
    }

    get variant() {
      return this.getAttribute('variant') ?? 'base';
    }

    set variant(value) {
      this.setAttribute('variant', value);
    }

    get src() {
      return this.getAttribute('src') ?? undefined;
    }

    set src(value) {
      if (value) this.setAttribute('src', value);
      else this.removeAttribute('src');
    }

    get contentWindow() {
      return this.dialog?.querySelector('iframe')?.contentWindow ?? null;
    }

    dress() {
      if (!this.dialog) return;
      const bar = this.querySelector('ui-title-bar');
      const { title, items } = bar ? titleOf(bar) : { title: '', items: [] };
      this.dialog.querySelector('[data-title]').textContent = title;
      this.dialog.setAttribute('aria-label', title || 'Dialog');
      this.dialog.querySelector('footer').replaceChildren(
        ...items.map(({ handle, label, variant, tone, disabled }) => {
          const button = Object.assign(document.createElement('button'), {
            type: 'button',
            textContent: label,
            disabled,
          });
          const primary = variant === 'primary';
          button.style.cssText = `padding:6px 12px;border-radius:8px;font:550 13px system-ui;cursor:pointer;border:1px solid ${primary ? '#303030' : '#cfcfcf'};background:${primary ? (tone === 'critical' ? '#c70a24' : '#303030') : '#fff'};color:${primary ? '#fff' : tone === 'critical' ? '#c70a24' : '#303030'}`;
          button.addEventListener('click', () => press(held.get(handle)?.deref()));
          return button;
        }),
      );
    }

    async show() {
      if (this.dialog?.open) return;
      if (!this.dialog) {
        this.dialog = document.createElement('dialog');
        this.dialog.dataset.appBridgeModal = this.id;
        const width = { small: '380px', base: '620px', large: '980px', max: '96vw' }[this.variant];
        this.dialog.style.cssText = `border:0;padding:0;border-radius:12px;inline-size:min(94vw,${width});box-shadow:0 20px 60px #0005;font:13px system-ui`;
        this.dialog.innerHTML =
          '<header style="display:flex;align-items:center;padding:12px 16px;background:#f3f3f3;font-weight:600"><span data-title style="flex:1"></span><button type="button" aria-label="Close" style="border:0;background:none;font-size:16px;cursor:pointer">✕</button></header><div data-content></div><footer style="display:flex;gap:8px;justify-content:flex-end;padding:12px 16px;border-top:1px solid #e3e3e3"></footer>';
        this.dialog.querySelector('header button').addEventListener('click', () => void this.hide());
        this.dialog.addEventListener('close', () => this.dispatchEvent(new Event('hide')));
        document.body.append(this.dialog);
        const place = this.dialog.querySelector('[data-content]');
        if (this.src) {
          const frame = Object.assign(document.createElement('iframe'), { src: this.src });
          frame.style.cssText = 'border:0;inline-size:100%;block-size:60vh;display:block';
          place.append(frame);
        } else {
          // Written straight into the element (no React portal): what is not title or save bar is the content.
          for (const child of [...this.children]) {
            if (!child.matches('ui-title-bar, ui-save-bar') && child.childNodes.length > 0)
              this.content.append(child);
          }
          place.append(this.content);
        }
      }
      this.dress();
      this.dialog.showModal();
      this.dispatchEvent(new Event('show'));
    }

    async hide() {
      if (this.dialog?.open) this.dialog.close();
    }

    toggle() {
      return this.dialog?.open ? this.hide() : this.show();
    }
  }
  customElements.define('ui-modal', Modal);
  customElements.define(
    's-app-window',
    class extends Modal {
      get variant() {
        return 'max';
      }
    },
  );

  function byId(id) {
    return (
      document.getElementById(id) ?? Promise.reject(new Error(`App Bridge: no element with the id "${id}".`))
    );
  }

  // The global

  let lastToast = 0;
  const toasts = new Map();
  on('toast-action', (id) => toasts.get(id)?.onAction?.());
  on('toast-gone', (id) => {
    toasts.get(id)?.onDismiss?.();
    toasts.delete(id);
  });

  const unavailable = (what) => () => Promise.reject(new Error(`${what} is not available in this admin.`));
  const ready = embedded
    ? ask('hello', { path: ownPath(), apiKey: config.apiKey }).then(() => undefined)
    : Promise.resolve();

  window.shopify = {
    config,
    origin: adminOrigin,
    ready,
    setSignals() {},
    environment: { mobile: false, embedded, pos: false, intent: false },
    idToken,
    loading: (isLoading = true) => tell('loading', isLoading),
    user: () => ask('user'),
    toast: {
      show(message, options = {}) {
        const { onAction, onDismiss, ...shown } = options;
        const id = `toast-${++lastToast}`;
        toasts.set(id, { onAction, onDismiss });
        tell('toast', { id, message, ...shown });
        return id;
      },
      hide: (id) => tell('toast-hide', id),
    },
    async resourcePicker(options) {
      const chosen = await ask('resource-picker', options);
      return chosen ? Object.assign(chosen, { selection: chosen }) : undefined;
    },
    async picker(options) {
      return { selected: ask('picker', options) };
    },
    modal: {
      async show(id) {
        const modal = await byId(id);
        await (modal.show ?? modal.showOverlay).call(modal);
      },
      async hide(id) {
        const modal = await byId(id);
        await (modal.hide ?? modal.hideOverlay).call(modal);
      },
      async toggle(id) {
        const modal = await byId(id);
        await (modal.toggle ?? modal.toggleOverlay).call(modal);
      },
    },
    saveBar: {
      show: async (id) => (await byId(id)).show(),
      hide: async (id) => (await byId(id)).hide(),
      toggle: async (id) => (await byId(id)).toggle(),
      // Stays pending when the merchant chooses to stay, as Shopify's does.
      leaveConfirmation: () => ask('leave-confirmation'),
    },
    scopes: {
      query: () => ask('scopes'),
      request: (scopes) => ask('scopes-request', scopes),
      revoke: (scopes) => ask('scopes-revoke', scopes),
    },
    app: { extensions: () => ask('extensions') },
    intents: {
      register: () => () => {},
      request: { value: null, subscribe: () => () => {} },
      invoke: unavailable('Intents'),
    },
    reviews: {
      request: async () => ({
        success: false,
        code: 'merchant-ineligible',
        message: 'Merchant isn’t eligible to review.',
      }),
    },
    support: { registerHandler: async () => {} },
    webVitals: { onReport: async () => {} },
    scanner: { capture: unavailable('The scanner') },
    pos: { close: unavailable('Point of sale') },
    shopifyQL: { available: async () => false },
    tools: { register: () => () => {}, unregister() {}, clear() {} },
  };

  addEventListener('DOMContentLoaded', report);
})();
