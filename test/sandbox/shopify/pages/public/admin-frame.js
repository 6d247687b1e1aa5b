// The parent's half of App Bridge: draws in the admin what the embedded app asks for.
(() => {
  const main = document.querySelector('#app');
  const frame = document.querySelector('#app-frame');
  const { appOrigin, api, store, appBase } = main.dataset;

  const send = (message) => frame.contentWindow.postMessage({ from: 'shopify-admin', ...message }, appOrigin);
  const emit = (event, payload) => send({ event, payload });
  const press = (handle) => emit('press', handle);

  async function read(path, init) {
    const response = await fetch(`${api}/${path}`, init);
    if (!response.ok) throw new Error(`The admin answered ${response.status}.`);
    return response.json();
  }
  const post = (path, body) =>
    read(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });

  function make(tag, properties = {}, children = []) {
    const { dataset, ...rest } = properties;
    const element = Object.assign(document.createElement(tag), rest);
    Object.assign(element.dataset, dataset);
    element.append(...children);
    return element;
  }

  // Navigation of the app in the admin's own menu

  const nav = document.querySelector('#app-nav');
  let links = [];
  let path = main.dataset.path;

  function drawNav() {
    nav.replaceChildren(
      ...links.map((link) => {
        const here = new URL(link.href, appOrigin).pathname;
        const current = path.split(/[?#]/)[0] === here || path.startsWith(`${here}/`);
        const anchor = make('a', { href: `${appBase}${link.href}`, textContent: link.label });
        if (current) anchor.setAttribute('aria-current', 'page');
        anchor.addEventListener('click', (event) => {
          if (event.metaKey || event.ctrlKey) return;
          event.preventDefault();
          document.body.classList.remove('nav-open');
          leave(() => press(link.handle));
        });
        return make('li', {}, [anchor]);
      }),
    );
  }

  // Title bar

  const titleBar = document.querySelector('#title-bar');

  function actionButton({ handle, label, variant, tone, disabled, loading }) {
    const button = make('button', { type: 'button', textContent: label, disabled: disabled || loading });
    button.className = `button ${variant === 'primary' ? 'primary' : ''} ${tone === 'critical' ? 'critical' : ''}`;
    if (loading) button.setAttribute('aria-busy', 'true');
    button.addEventListener('click', () => press(handle));
    return button;
  }

  function drawTitle(title) {
    const breadcrumb = title?.items.find(({ variant }) => variant === 'breadcrumb');
    const actions = (title?.items ?? []).filter(({ variant }) => variant !== 'breadcrumb');
    const heading = titleBar.querySelector('h1');
    heading.textContent = title?.title || main.dataset.appName;
    const back = titleBar.querySelector('.breadcrumb');
    back.replaceChildren(
      ...(breadcrumb
        ? [
            make('button', {
              type: 'button',
              textContent: `${breadcrumb.label} ›`,
              onclick: () => leave(() => press(breadcrumb.handle)),
            }),
          ]
        : []),
    );
    titleBar
      .querySelector('.actions')
      .replaceChildren(
        ...(title?.groups ?? []).map((group) =>
          make('details', { className: 'menu' }, [
            make('summary', { className: 'button', textContent: `${group.label ?? 'More actions'} ▾` }),
            make('div', {}, group.items.map(actionButton)),
          ]),
        ),
        ...actions.map(actionButton),
      );
  }

  // Contextual save bar

  const saveBar = document.querySelector('#save-bar');
  let unsaved = null;

  function drawSaveBar(bar) {
    unsaved = bar;
    saveBar.hidden = !bar;
    if (!bar) return;
    const save = make('button', {
      type: 'button',
      className: 'button primary',
      textContent: bar.save?.label || 'Save',
      disabled: bar.save?.disabled || bar.save?.loading,
    });
    save.addEventListener('click', () => press(bar.save?.handle));
    const discard = make('button', {
      type: 'button',
      className: 'button dark',
      textContent: bar.discard?.label || 'Discard',
      disabled: bar.discard?.disabled,
    });
    discard.addEventListener('click', async () => {
      const sure =
        !bar.confirm ||
        (await confirmed({
          title: 'Discard all unsaved changes',
          text: 'If you discard changes, you’ll delete any edits you made since you last saved.',
          yes: 'Discard changes',
          no: 'Continue editing',
        }));
      if (sure) press(bar.discard?.handle);
    });
    saveBar.querySelector('.actions').replaceChildren(discard, save);
  }

  /** Runs the step at once, or after the merchant agreed to lose what is unsaved. */
  async function leave(step) {
    const sure =
      !unsaved ||
      (await confirmed({
        title: 'Leave page with unsaved changes?',
        text: 'Leaving this page will delete all unsaved changes.',
        yes: 'Leave page',
        no: 'Stay',
      }));
    if (!sure) return;
    drawSaveBar(null);
    step();
  }

  function confirmed({ title, text, yes, no }) {
    return new Promise((resolve) => {
      const dialog = make('dialog', { className: 'modal small' }, [
        make('header', {}, [make('h2', { textContent: title })]),
        make('p', { textContent: text }),
        make('footer', {}, [
          make('button', {
            type: 'button',
            className: 'button',
            textContent: no,
            onclick: () => dialog.close('no'),
          }),
          make('button', {
            type: 'button',
            className: 'button primary critical',
            textContent: yes,
            onclick: () => dialog.close('yes'),
          }),
        ]),
      ]);
      dialog.setAttribute('aria-label', title);
      dialog.addEventListener('close', () => {
        dialog.remove();
        resolve(dialog.returnValue === 'yes');
      });
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  // Toasts

  const toasts = document.querySelector('#toasts');

  function hideToast(id) {
    const toast = toasts.querySelector(`[data-id="${CSS.escape(id)}"]`);
    if (!toast) return;
    toast.remove();
    emit('toast-gone', id);
  }

  function showToast({ id, message, duration = 5000, isError, action }) {
    const toast = make(
      'div',
      { className: `toast ${isError ? 'error' : ''}`, dataset: { id, testid: 'toast' } },
      [make('span', { textContent: message })],
    );
    if (action)
      toast.append(
        make('button', { type: 'button', textContent: action, onclick: () => emit('toast-action', id) }),
      );
    const dismiss = make('button', { type: 'button', textContent: '✕', onclick: () => hideToast(id) });
    dismiss.setAttribute('aria-label', 'Dismiss');
    toast.append(dismiss);
    toasts.append(toast);
    setTimeout(() => hideToast(id), duration);
  }

  // Pickers

  function pickerDialog({ heading, searchable }) {
    const search = make('input', { type: 'search', placeholder: 'Search', className: 'field' });
    search.setAttribute('aria-label', 'Search');
    search.hidden = !searchable;
    const rows = make('div', { className: 'picker-rows', role: 'group' });
    const count = make('span', { className: 'subdued' });
    const choose = make('button', {
      type: 'button',
      className: 'button primary',
      textContent: 'Select',
      dataset: { testid: 'picker-select' },
    });
    const dialog = make('dialog', { className: 'modal', dataset: { testid: 'picker' } }, [
      make('header', {}, [
        make('h2', { textContent: heading }),
        make('button', {
          type: 'button',
          className: 'plain',
          textContent: '✕',
          ariaLabel: 'Close',
          onclick: () => dialog.close(''),
        }),
      ]),
      search,
      rows,
      make('footer', {}, [
        count,
        make('button', {
          type: 'button',
          className: 'button',
          textContent: 'Cancel',
          onclick: () => dialog.close(''),
        }),
        choose,
      ]),
    ]);
    dialog.setAttribute('aria-label', heading);
    choose.addEventListener('click', () => dialog.close('chosen'));
    document.body.append(dialog);
    dialog.showModal();
    const closed = new Promise((resolve) => {
      dialog.addEventListener('close', () => {
        dialog.remove();
        resolve(dialog.returnValue === 'chosen');
      });
    });
    return { search, rows, count, choose, closed };
  }

  function limitOf(multiple) {
    if (multiple === true) return Infinity;
    return typeof multiple === 'number' ? multiple : 1;
  }

  /** The Set keeps the order of choosing; a single choice replaces the one before. */
  function tick(chosen, ids, on, limit) {
    for (const id of ids) {
      if (!on) chosen.delete(id);
      else {
        if (limit === 1) chosen.clear();
        if (chosen.size < limit) chosen.add(id);
      }
    }
  }

  async function resourcePicker({
    type,
    multiple,
    filter = {},
    query = '',
    selectionIds = [],
    action = 'add',
  }) {
    if (type !== 'product' && type !== 'variant')
      throw new Error(`The sandbox has no resource picker for "${type}".`);
    const limit = limitOf(multiple);
    const withVariants = type === 'variant' || filter.variants !== false;
    const verb = action === 'select' ? 'Select' : 'Add';
    const noun = type === 'variant' ? 'variant' : 'product';
    const dialog = pickerDialog({ heading: `${verb} ${noun}${limit > 1 ? 's' : ''}`, searchable: true });
    dialog.choose.textContent = verb;
    dialog.search.value = query;

    const known = new Map();
    /** Ids of variants; of products where the picker shows no variants. */
    const chosen = new Set();
    const unitsOf = (product) => (withVariants ? product.variants.map(({ id }) => id) : [product.id]);
    let preset = selectionIds;

    function draw(products) {
      dialog.rows.replaceChildren(
        ...products.flatMap((product) => {
          const units = unitsOf(product);
          const productBox = make('input', {
            type: limit === 1 && (units.length === 1 || type === 'product') ? 'radio' : 'checkbox',
            checked: units.every((id) => chosen.has(id)),
          });
          productBox.indeterminate = !productBox.checked && units.some((id) => chosen.has(id));
          productBox.disabled = type === 'variant' && limit === 1 && units.length > 1;
          productBox.addEventListener('change', () => {
            // With products, `multiple` counts products; choosing one takes all its variants.
            if (type === 'product') {
              if (limit === 1) chosen.clear();
              tick(chosen, units, productBox.checked, Infinity);
            } else {
              tick(chosen, units, productBox.checked, limit);
            }
            draw(products);
          });
          const image = product.images[0]?.originalSrc;
          const row = make('label', { className: 'picker-row', dataset: { id: product.id } }, [
            productBox,
            image ? make('img', { src: image, alt: '' }) : make('span', { className: 'thumb' }),
            make('span', { className: 'grow', textContent: product.title }),
            make('span', {
              className: 'subdued',
              textContent: units.length === 1 ? (product.variants[0]?.price ?? '') : '',
            }),
          ]);
          const variantRows =
            withVariants && !product.hasOnlyDefaultVariant
              ? product.variants.map((variant) => {
                  const box = make('input', {
                    type: limit === 1 ? 'radio' : 'checkbox',
                    checked: chosen.has(variant.id),
                  });
                  box.addEventListener('change', () => {
                    if (type === 'product' && limit === 1)
                      for (const id of chosen) if (!units.includes(id)) chosen.delete(id);
                    tick(chosen, [variant.id], box.checked, type === 'product' ? Infinity : limit);
                    draw(products);
                  });
                  return make('label', { className: 'picker-row variant', dataset: { id: variant.id } }, [
                    box,
                    make('span', { className: 'grow', textContent: variant.title }),
                    make('span', { className: 'subdued', textContent: variant.price }),
                  ]);
                })
              : [];
          return [row, ...variantRows];
        }),
      );
      if (products.length === 0)
        dialog.rows.replaceChildren(make('p', { className: 'empty', textContent: 'No products found.' }));
      dialog.count.textContent = `${chosen.size} selected`;
      dialog.choose.disabled = chosen.size === 0 && selectionIds.length === 0;
    }

    async function load() {
      const wish = new URLSearchParams({
        query: dialog.search.value,
        filter: filter.query ?? '',
        draft: String(filter.draft !== false),
        archived: String(filter.archived !== false),
      });
      const products = await read(`picker?${wish}`);
      for (const product of products) known.set(product.id, product);
      for (const { id, variants } of preset) {
        const product = known.get(id);
        if (product)
          tick(
            chosen,
            withVariants ? (variants?.map((variant) => variant.id) ?? unitsOf(product)) : [id],
            true,
            Infinity,
          );
        else chosen.add(id);
      }
      preset = [];
      draw(products);
    }
    let pause;
    dialog.search.addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(load, 150);
    });
    await load();

    if (!(await dialog.closed)) return null;
    const products = [...known.values()];
    if (type === 'variant') {
      return [...chosen].flatMap((id) =>
        products.flatMap((product) =>
          product.variants
            .filter((variant) => variant.id === id)
            .map((variant) => ({ ...variant, product: { ...product, variants: undefined } })),
        ),
      );
    }
    return products
      .filter((product) => unitsOf(product).some((id) => chosen.has(id)))
      .map((product) => ({
        ...product,
        variants: withVariants ? product.variants.filter(({ id }) => chosen.has(id)) : product.variants,
      }));
  }

  async function picker({ heading, multiple, items }) {
    const limit = limitOf(multiple);
    const dialog = pickerDialog({ heading, searchable: false });
    const chosen = new Set(items.filter(({ selected }) => selected).map(({ id }) => id));
    const draw = () => {
      dialog.rows.replaceChildren(
        ...items.map((item) => {
          const box = make('input', {
            type: limit === 1 ? 'radio' : 'checkbox',
            checked: chosen.has(item.id),
            disabled: item.disabled ?? false,
          });
          box.addEventListener('change', () => {
            tick(chosen, [item.id], box.checked, limit);
            draw();
          });
          return make('label', { className: 'picker-row' }, [
            box,
            make('span', { className: 'grow', textContent: item.heading }),
            make('span', { className: 'subdued', textContent: (item.data ?? []).join(' · ') }),
          ]);
        }),
      );
      dialog.count.textContent = `${chosen.size} selected`;
    };
    draw();
    return (await dialog.closed) ? [...chosen] : undefined;
  }

  // Messages of the app

  const loading = document.querySelector('#loading');

  const answers = {
    hello: () => ({}),
    'id-token': async () => (await post('id-token', {})).idToken,
    user: () => ({ accountAccess: 'full' }),
    'resource-picker': resourcePicker,
    picker,
    'leave-confirmation': () => new Promise((resolve) => void leave(resolve)),
    scopes: () => read('scopes'),
    extensions: () => read('extensions'),
    async 'scopes-request'(scopes) {
      const agreed = await confirmed({
        title: 'This app needs more permissions',
        text: scopes.join(', '),
        yes: 'Update',
        no: 'Cancel',
      });
      const detail = agreed ? await post('scopes', { grant: scopes }) : await read('scopes');
      return { result: agreed ? 'granted-all' : 'declined-all', detail };
    },
    'scopes-revoke': async (scopes) => ({ detail: await post('scopes', { revoke: scopes }) }),
  };

  const events = {
    location({ path: now, title }) {
      path = now;
      // The bounce page is a step of signing in, not a place in the app.
      if (now.startsWith('/auth/')) return;
      history.replaceState(null, '', `${appBase}${now}`);
      document.title = `${title || main.dataset.appName} · ${store}`;
      loading.hidden = true;
      drawNav();
    },
    nav(items) {
      links = items.filter(({ href }) => href);
      drawNav();
    },
    title: drawTitle,
    'save-bar': drawSaveBar,
    'save-bar-gone': (handle) => {
      if (unsaved?.handle === handle) drawSaveBar(null);
    },
    toast: showToast,
    'toast-hide': hideToast,
    loading(on) {
      loading.hidden = !on;
    },
    go: (href) => void leave(() => location.assign(href)),
  };

  addEventListener('message', async ({ data, origin, source }) => {
    if (source !== frame.contentWindow || origin !== appOrigin || data?.from !== 'app-bridge') return;
    if (!data.call) return void events[data.type]?.(data.payload);
    try {
      send({ call: data.call, result: await answers[data.type](data.payload) });
    } catch (error) {
      send({ call: data.call, error: error.message });
    }
  });

  frame.addEventListener('load', () => {
    loading.hidden = true;
    // A new document in the frame knows nothing of the old one's unsaved changes.
    drawSaveBar(null);
  });

  document.querySelector('#nav')?.addEventListener('click', (event) => {
    const anchor = event.target.closest('a');
    if (!anchor || event.defaultPrevented || !unsaved) return;
    event.preventDefault();
    void leave(() => location.assign(anchor.href));
  });

  // Only now: a frame that loads at once would speak before anyone listens.
  frame.src = frame.dataset.src;
})();
