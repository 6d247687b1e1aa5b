// Runs a built UI extension in this frame: provides the global `shopify` its bundle expects, then calls its render.
(() => {
  const data = JSON.parse(document.querySelector('#extension-data').textContent);
  const thankYou = data.target.startsWith('purchase.');
  const admin = data.target.startsWith('admin.');

  const signal = (value) => ({
    value,
    current: value,
    subscribe: (listener) => (listener(value), () => {}),
    destroy: async () => {},
  });

  // Texts: the buyer's language, else its first part, else the extension's default language.

  const languages = [data.language, data.language.split('-')[0], data.defaultLanguage];
  const extensionLanguage = languages.find((language) => language in data.locales) ?? data.defaultLanguage;

  function lookUp(language, key) {
    return key.split('.').reduce((branch, part) => branch?.[part], data.locales[language]);
  }

  function translate(key, replacements = {}) {
    for (const language of [extensionLanguage, data.defaultLanguage]) {
      const found = lookUp(language, key);
      const text =
        typeof found === 'object' && found !== null ? plural(found, language, replacements.count) : found;
      if (typeof text === 'string') return fill(text, replacements, language);
    }
    throw new Error(`The extension has no text for the key "${key}".`);
  }

  function plural(forms, language, count) {
    if (typeof count !== 'number') return undefined;
    if (count === 0 && forms.zero) return forms.zero;
    return forms[new Intl.PluralRules(language).select(count)] ?? forms.other;
  }

  /** Plain values give a string; as soon as one replacement is an element, the parts come as an array. */
  function fill(text, replacements, language) {
    const parts = text.split(/\{\{\s*(\w+)\s*\}\}/).map((part, index) => {
      if (index % 2 === 0) return part;
      const value = replacements[part];
      if (value === undefined) return `{{${part}}}`;
      return part === 'count' && typeof value === 'number'
        ? new Intl.NumberFormat(language).format(value)
        : value;
    });
    return parts.some((part) => typeof part === 'object')
      ? parts.filter((part) => part !== '')
      : parts.join('');
  }

  const localeOf = (options) => (options?.inExtensionLocale ? extensionLanguage : data.language);
  const i18n = {
    translate,
    formatNumber: (number, options) => new Intl.NumberFormat(localeOf(options), options).format(number),
    formatCurrency: (number, options) =>
      new Intl.NumberFormat(localeOf(options), {
        style: 'currency',
        currency: data.currency,
        ...options,
      }).format(number),
    formatDate: (date, options) =>
      new Intl.DateTimeFormat(localeOf(options), { timeZone: data.timezone, ...options }).format(date),
  };

  const storageKey = (key) => `${data.target}/${key}`;

  const customer = data.customer && {
    ...data.customer,
    image: { url: '' },
    acceptsMarketing: false,
    acceptsEmailMarketing: false,
    acceptsSmsMarketing: false,
    storeCreditAccounts: [],
    ordersCount: 1,
  };

  const standard = {
    analytics: { publish: async () => true, visitor: async () => ({ type: 'success' }) },
    applyTrackingConsentChange: async () => ({ type: 'success' }),
    customerPrivacy: signal({
      allowedProcessing: { analytics: true, marketing: true, preferences: true, saleOfData: true },
      metafields: [],
      visitorConsent: {},
      shouldShowBanner: false,
      saleOfDataRegion: false,
    }),
    extension: {
      apiVersion: data.apiVersion,
      target: data.target,
      scriptUrl: location.href,
      version: 'sandbox',
      capabilities: signal(data.mayFetch ? ['network_access'] : []),
      rendered: signal(true),
    },
    extensionPoint: data.target,
    version: data.apiVersion,
    i18n,
    localization: {
      language: signal({ isoCode: data.language }),
      extensionLanguage: signal({ isoCode: extensionLanguage }),
      currency: signal({ isoCode: data.currency }),
      timezone: signal(data.timezone),
      country: signal(undefined),
      market: signal(undefined),
    },
    settings: signal({}),
    shop: data.shop,
    sessionToken: {
      async get() {
        const response = await plainFetch(data.tokenPath, { method: 'POST' });
        return (await response.json()).token;
      },
    },
    storage: {
      read: async (key) => JSON.parse(localStorage.getItem(storageKey(key)) ?? 'null'),
      write: async (key, value) => localStorage.setItem(storageKey(key), JSON.stringify(value)),
      delete: async (key) => localStorage.removeItem(storageKey(key)),
    },
    query: async () => ({ errors: [{ message: 'The sandbox has no Storefront API.' }] }),
    appliedGiftCards: signal([]),
    appMetafields: signal([]),
    attributes: signal([]),
    checkoutSettings: signal({ orderSubmission: 'ORDER', shippingAddress: { isEditable: false } }),
    checkoutToken: signal(data.checkoutToken ?? undefined),
    cost: {
      subtotalAmount: signal(data.total),
      totalShippingAmount: signal(undefined),
      totalTaxAmount: signal(undefined),
      totalAmount: signal(data.total),
    },
    discountCodes: signal([]),
    discountAllocations: signal([]),
    lines: signal(data.lines),
    note: signal(data.order.note ?? undefined),
    shippingAddress: signal(undefined),
    billingAddress: signal(undefined),
    buyerIdentity: {
      customer: signal(customer ?? undefined),
      email: signal(customer?.email),
      phone: signal(undefined),
      purchasingCompany: signal(undefined),
    },
  };

  const tell = (message) => window.parent.postMessage({ from: 'extension', ...message }, location.origin);
  const ofAdmin = {
    auth: {
      idToken: async () => (await (await plainFetch(data.tokenPath, { method: 'POST' })).json()).idToken,
    },
    data: { selected: [{ id: data.order.id }] },
    navigation: { navigate: (url) => tell({ open: String(url).replace(/^extension:(\/\/)?/, '') }) },
    close: () => tell({ close: true }),
  };

  const ofBuyer = thankYou
    ? {
        orderConfirmation: signal({
          order: { id: data.order.identity },
          number: data.order.confirmationNumber,
          isFirstOrder: data.order.isFirst,
        }),
        availablePaymentOptions: signal([]),
        selectedPaymentOptions: signal([]),
        deliveryGroups: signal([]),
        buyerJourney: {
          intercept: async () => () => {},
          completed: signal(true),
          steps: signal([]),
          activeStep: signal(undefined),
        },
        instructions: signal({
          attributes: { canUpdateAttributes: false },
          delivery: { canSelectCustomAddress: false },
          discounts: { canUpdateDiscountCodes: false },
          lines: { canAddCartLine: false, canRemoveCartLine: false, canUpdateCartLine: false },
          metafields: { canSetCartMetafields: false, canDeleteCartMetafield: false },
          notes: { canUpdateNote: false },
        }),
      }
    : {
        order: signal({
          id: data.order.id,
          name: data.order.name,
          confirmationNumber: data.order.confirmationNumber,
          processedAt: data.order.processedAt,
          cancelledAt: data.order.cancelledAt ?? undefined,
        }),
        authenticationState: signal(customer ? 'fully_authenticated' : 'pre_authenticated'),
        authenticatedAccount: {
          customer: signal(customer ? { id: customer.id } : undefined),
          purchasingCompany: signal(undefined),
        },
        requireLogin: async () => window.top.location.assign(data.loginPath),
        toast: {
          show: async (content) => tell({ toast: content }),
        },
        intents: { invoke: async () => Promise.reject(new Error('The sandbox has no intents.')) },
        navigation: { navigate: (url) => window.top.location.assign(url) },
      };

  // The bundle carries the app's public address; here the app runs elsewhere.

  const plainFetch = window.fetch.bind(window);
  const isApp = ({ origin, hostname }) =>
    ['127.0.0.1', 'localhost'].includes(hostname) ||
    (data.applicationUrl !== '' && origin === new URL(data.applicationUrl).origin);
  window.fetch = async (input, init) => {
    if (!data.mayFetch)
      throw new TypeError('The extension has no network_access in its shopify.extension.toml.');
    // In the admin Shopify resolves a bare path against the app's address, and adds the token by itself.
    if (admin && String(input).startsWith('/')) {
      const headers = new Headers(init?.headers);
      headers.set('Authorization', `Bearer ${await ofAdmin.auth.idToken()}`);
      return plainFetch(`${data.appUrl}${input}`, { ...init, headers });
    }
    const request = input instanceof Request ? input : null;
    const written = request?.url ?? String(input);
    // An extension runs in a worker without an address of its own: a relative address leads nowhere.
    if (!/^https?:/.test(written))
      throw new TypeError(
        `The extension fetches "${written}", which is not a whole address. Was it built with APP_URL?`,
      );
    const url = new URL(written);
    if (!isApp(url)) return plainFetch(input, init);
    const moved = `${data.appUrl}${url.pathname}${url.search}`;
    return plainFetch(request ? new Request(moved, request) : moved, init);
  };

  if (admin)
    document.addEventListener('click', (event) => {
      const href = event
        .composedPath()
        .find((node) => node.localName === 'a')
        ?.getAttribute('href');
      if (!href?.startsWith('app:')) return;
      event.preventDefault();
      window.top.location.assign(`${data.appBase}/${href.slice('app:'.length)}`);
    });

  // Failures are told, not hidden: a real page would simply stay empty.

  function complain(reason) {
    console.error(reason);
    const line = document.createElement('p');
    line.setAttribute('role', 'alert');
    line.dataset.testid = 'extension-error';
    line.className = 'failure';
    line.textContent = `The extension failed: ${reason?.message ?? reason}`;
    document.documentElement.append(line);
  }
  addEventListener('error', (event) => complain(event.error ?? event.message));
  addEventListener('unhandledrejection', (event) => complain(event.reason));

  let render = null;
  window.shopify = Object.assign(standard, admin ? ofAdmin : ofBuyer, {
    extend(target, entry) {
      if (target === data.target) render = entry;
    },
    reload: () => location.reload(),
  });

  // The frame is as high as what the extension shows; nothing to show is no frame at all.
  function fit() {
    const height = document.body.scrollHeight + 2; // the frame's own border
    window.frameElement?.style.setProperty('height', `${height}px`);
    window.frameElement?.classList.toggle('empty', document.body.childElementCount === 0);
  }

  addEventListener('DOMContentLoaded', async () => {
    // Setting the height inside the observer's own turn would make the browser report a loop as an error.
    new ResizeObserver(() => requestAnimationFrame(fit)).observe(document.body);
    if (!render) return complain(`The bundle does not extend ${data.target}.`);
    try {
      await render(standard);
    } catch (reason) {
      complain(reason);
    }
    fit();
  });
})();
