// The `s-*` elements a UI extension may use on the thank-you and order-status pages, drawn plainly but working.
// Preact sets a property where the element has one of that name and an attribute otherwise, and finds the event
// of `onAfterHide` only through a property `onafterhide`; both are therefore declared here for every element.
(() => {
  const { QRCode } = window;
  const booleans = new Set([
    'disabled',
    'loading',
    'dismissible',
    'collapsible',
    'open',
    'defaultOpen',
    'checked',
    'required',
    'readOnly',
    'defaultChecked',
    'hidden',
    'multiple',
  ]);
  const spaces = {
    none: '0',
    'small-500': '2px',
    'small-400': '4px',
    'small-300': '6px',
    'small-200': '8px',
    'small-100': '10px',
    small: '12px',
    base: '16px',
    large: '20px',
    'large-100': '24px',
    'large-200': '28px',
    'large-300': '32px',
    'large-400': '36px',
    'large-500': '40px',
  };
  const radii = {
    none: '0',
    'small-100': '2px',
    small: '4px',
    base: '8px',
    large: '12px',
    'large-100': '16px',
    max: '999px',
  };
  const tones = {
    auto: 'inherit',
    neutral: '#555',
    info: '#1b5a8c',
    success: '#0c6b3f',
    warning: '#7a5200',
    critical: '#b3261e',
    custom: 'inherit',
  };

  const escape = (text) => String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const space = (value) =>
    String(value)
      .split(' ')
      .map((part) => spaces[part] ?? '0')
      .join(' ');
  // "@container (inline-size > 500px) x, y" is reduced to its last value, which is the one for narrow places.
  const plain = (value) => (value?.includes('@container') ? value.split(',').at(-1).trim() : value);

  class SElement extends HTMLElement {
    static get observedAttributes() {
      return this.props.map((name) => name.toLowerCase());
    }

    constructor() {
      super();
      this.attachShadow({ mode: 'open', delegatesFocus: true });
    }

    connectedCallback() {
      this.draw();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.draw();
    }

    draw() {
      const view = this.view();
      if (view === this.drawn) return;
      this.drawn = view;
      this.shadowRoot.innerHTML = `<style>:host{display:block;box-sizing:border-box}:host([hidden]){display:none!important}*{box-sizing:border-box}</style>${view}`;
      this.after?.();
    }
  }

  /** Declares an element: `props` reflect to attributes, `events` get their `on…` property. */
  function define(tag, { props = [], events = [], base = SElement, ...rest }) {
    const Element = class extends base {
      static props = [...new Set([...props, ...(base.props ?? [])])];
    };
    for (const name of props) {
      if (name === 'id' || name === 'hidden') continue;
      const attribute = name.toLowerCase();
      Object.defineProperty(Element.prototype, name, {
        configurable: true,
        get() {
          return booleans.has(name) ? this.hasAttribute(attribute) : (this.getAttribute(attribute) ?? '');
        },
        set(value) {
          if (value === null || value === undefined || value === false) this.removeAttribute(attribute);
          else this.setAttribute(attribute, value === true ? '' : String(value));
        },
      });
    }
    for (const event of events) {
      const handler = Symbol(event);
      Object.defineProperty(Element.prototype, `on${event}`, {
        configurable: true,
        get() {
          return this[handler] ?? null;
        },
        set(listener) {
          if (this[handler]) this.removeEventListener(event, this[handler]);
          this[handler] = listener;
          if (listener) this.addEventListener(event, listener);
        },
      });
    }
    for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(rest))) {
      Object.defineProperty(Element.prototype, name, descriptor);
    }
    customElements.define(tag, Element);
  }

  const boxProps = [
    'padding',
    'paddingBlock',
    'paddingInline',
    'paddingBlockStart',
    'paddingBlockEnd',
    'paddingInlineStart',
    'paddingInlineEnd',
    'background',
    'border',
    'borderRadius',
    'borderStyle',
    'borderWidth',
    'inlineSize',
    'blockSize',
    'minInlineSize',
    'maxInlineSize',
    'minBlockSize',
    'maxBlockSize',
    'overflow',
    'display',
    'accessibilityRole',
    'accessibilityLabel',
    'accessibilityVisibility',
  ];

  function boxStyle(element) {
    const rules = [];
    const add = (rule, value) => value && rules.push(`${rule}:${value}`);
    for (const [prop, rule] of [
      ['padding', 'padding'],
      ['paddingBlock', 'padding-block'],
      ['paddingInline', 'padding-inline'],
      ['paddingBlockStart', 'padding-block-start'],
      ['paddingBlockEnd', 'padding-block-end'],
      ['paddingInlineStart', 'padding-inline-start'],
      ['paddingInlineEnd', 'padding-inline-end'],
    ]) {
      if (element[prop]) add(rule, space(plain(element[prop])));
    }
    for (const [prop, rule] of [
      ['inlineSize', 'inline-size'],
      ['blockSize', 'block-size'],
      ['minInlineSize', 'min-inline-size'],
      ['maxInlineSize', 'max-inline-size'],
      ['minBlockSize', 'min-block-size'],
      ['maxBlockSize', 'max-block-size'],
      ['overflow', 'overflow'],
    ]) {
      add(rule, plain(element[prop]));
    }
    if (element.border && !element.border.startsWith('none')) add('border', '1px solid #dedede');
    if (element.borderRadius)
      add(
        'border-radius',
        element.borderRadius
          .split(' ')
          .map((part) => radii[part] ?? '0')
          .join(' '),
      );
    if (element.background === 'subdued') add('background', '#f6f6f6');
    if (element.background === 'base') add('background', '#fff');
    return rules.map(escape).join(';');
  }

  const roles = {
    'ordered-list': 'list',
    'unordered-list': 'list',
    'list-item': 'listitem',
    section: 'region',
    aside: 'complementary',
    header: 'banner',
    footer: 'contentinfo',
    'list-item-separator': 'separator',
    generic: '',
    presentation: 'presentation',
    none: 'none',
  };

  /** Shopify names some roles after HTML elements; the browser wants the ARIA word. */
  function roleOf(element) {
    const wish = element.accessibilityRole;
    const role = wish in roles ? roles[wish] : wish;
    const label = element.accessibilityLabel;
    return `${role ? ` role="${escape(role)}"` : ''}${label ? ` aria-label="${escape(label)}"` : ''}${element.accessibilityVisibility === 'hidden' ? ' aria-hidden="true"' : ''}`;
  }

  define('s-box', {
    props: boxProps,
    view() {
      return `<div style="${boxStyle(this)}"${roleOf(this)}><slot></slot></div>`;
    },
  });

  define('s-query-container', { view: () => '<slot></slot>', props: ['containerName'] });
  define('s-scroll-box', {
    props: boxProps,
    view() {
      return `<div style="overflow:auto;${boxStyle(this)}" tabindex="0"><slot></slot></div>`;
    },
  });

  const flow = { start: 'flex-start', end: 'flex-end' };
  define('s-stack', {
    props: [
      ...boxProps,
      'direction',
      'gap',
      'rowGap',
      'columnGap',
      'alignItems',
      'alignContent',
      'justifyContent',
    ],
    view() {
      const inline = plain(this.direction) === 'inline';
      const gap = space(plain(this.gap) || 'none');
      const align = flow[plain(this.alignItems)] ?? plain(this.alignItems);
      const justify = flow[plain(this.justifyContent)] ?? plain(this.justifyContent);
      const rules = [`display:flex`, inline ? 'flex-flow:row wrap' : 'flex-direction:column', `gap:${gap}`];
      if (this.rowGap) rules.push(`row-gap:${space(plain(this.rowGap))}`);
      if (this.columnGap) rules.push(`column-gap:${space(plain(this.columnGap))}`);
      if (align) rules.push(`align-items:${escape(align)}`);
      if (justify) rules.push(`justify-content:${escape(justify)}`);
      return `<div style="${rules.join(';')};${boxStyle(this)}"${roleOf(this)}><slot></slot></div>`;
    },
  });

  define('s-grid', {
    props: [
      ...boxProps,
      'gridTemplateColumns',
      'gridTemplateRows',
      'gap',
      'rowGap',
      'columnGap',
      'alignItems',
      'alignContent',
      'justifyItems',
      'justifyContent',
      'placeItems',
      'placeContent',
    ],
    view() {
      const rules = ['display:grid', `gap:${space(plain(this.gap) || 'none')}`];
      for (const [prop, rule] of [
        ['gridTemplateColumns', 'grid-template-columns'],
        ['gridTemplateRows', 'grid-template-rows'],
        ['alignItems', 'align-items'],
        ['alignContent', 'align-content'],
        ['justifyItems', 'justify-items'],
        ['justifyContent', 'justify-content'],
        ['placeItems', 'place-items'],
        ['placeContent', 'place-content'],
      ]) {
        if (this[prop]) rules.push(`${rule}:${escape(plain(this[prop]))}`);
      }
      if (this.rowGap) rules.push(`row-gap:${space(plain(this.rowGap))}`);
      if (this.columnGap) rules.push(`column-gap:${space(plain(this.columnGap))}`);
      return `<div style="${rules.join(';')};${boxStyle(this)}"${roleOf(this)}><slot></slot></div>`;
    },
  });

  define('s-grid-item', {
    props: [...boxProps, 'gridColumn', 'gridRow'],
    view() {
      const place = `${this.gridColumn ? `grid-column:${plain(this.gridColumn)};` : ''}${this.gridRow ? `grid-row:${plain(this.gridRow)};` : ''}`;
      return `<style>:host{${escape(place)}}</style><div style="${boxStyle(this)}"${roleOf(this)}><slot></slot></div>`;
    },
  });

  /** A heading's level follows from how many sections it stands in, as Shopify computes it. */
  function levelOf(element) {
    let level = 2;
    for (let above = element.parentElement; above; above = above.parentElement) {
      if (above.localName === 's-section') level += 1;
    }
    return Math.min(level, 6);
  }

  define('s-section', {
    props: ['heading', 'padding', 'accessibilityLabel'],
    view() {
      const level = levelOf(this);
      const size = level === 2 ? '18px' : '15px';
      const heading = this.heading
        ? `<h${level} style="margin:0 0 12px;font-size:${size};line-height:1.3">${escape(this.heading)}</h${level}>`
        : '';
      const label = this.accessibilityLabel || this.heading;
      const frame =
        level > 2 ? 'border:1px solid #e3e3e3;border-radius:10px;padding:16px;background:#fff' : '';
      return `<section style="${frame}"${label ? ` aria-label="${escape(label)}"` : ''}>${heading}<slot></slot></section>`;
    },
  });

  define('s-admin-block', {
    props: ['heading', 'collapsedSummary'],
    view() {
      return `<h2 style="margin:0 0 12px;font-size:16px">${escape(this.heading)}</h2><slot></slot>`;
    },
  });

  define('s-admin-action', {
    props: ['heading', 'loading'],
    view() {
      const waiting = this.loading ? '<p role="status">…</p>' : '';
      return `<h2 style="margin:0 0 12px;font-size:18px">${escape(this.heading)}</h2>${waiting}<slot></slot><footer style="display:flex;gap:8px;justify-content:flex-end;margin-block-start:16px"><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer>`;
    },
  });

  define('s-heading', {
    props: ['accessibilityRole'],
    view() {
      const level = levelOf(this);
      if (this.accessibilityRole === 'none' || this.accessibilityRole === 'presentation')
        return '<strong><slot></slot></strong>';
      return `<h${level} style="margin:0;font-size:${level === 2 ? 18 : 15}px;line-height:1.3"><slot></slot></h${level}>`;
    },
  });

  const textTags = {
    strong: 'strong',
    emphasis: 'em',
    mark: 'mark',
    address: 'address',
    small: 'small',
    offset: 's',
    redundant: 'span',
    generic: 'span',
  };
  const textStyle = (element) =>
    [
      element.tone ? `color:${tones[element.tone] ?? 'inherit'}` : '',
      element.color === 'subdued' ? 'color:#6b6b6b' : '',
    ]
      .filter(Boolean)
      .join(';');

  define('s-text', {
    props: ['type', 'tone', 'color', 'display', 'accessibilityVisibility'],
    view() {
      const tag = textTags[this.type] ?? 'span';
      const exclusive = this.accessibilityVisibility === 'exclusive';
      const hiddenToEye = exclusive
        ? ';position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)'
        : '';
      return `<style>:host{display:inline;overflow-wrap:anywhere}</style><${tag} style="font-style:${tag === 'em' ? 'italic' : 'normal'};${textStyle(this)}${hiddenToEye}"${this.accessibilityVisibility === 'hidden' ? ' aria-hidden="true"' : ''}><slot></slot></${tag}>`;
    },
  });

  define('s-paragraph', {
    props: ['type', 'tone', 'color', 'textAlign', 'accessibilityVisibility'],
    view() {
      const align =
        this.textAlign && this.textAlign !== 'auto' ? `text-align:${escape(this.textAlign)};` : '';
      return `<p style="margin:0;${align}${this.type === 'small' ? 'font-size:12px;' : ''}${textStyle(this)}"><slot></slot></p>`;
    },
  });

  /** What `command` does to the element named by `commandFor`. */
  function obey(button) {
    if (!button.commandFor) return;
    const target = button.getRootNode().getElementById(button.commandFor);
    target?.command?.(button.command || '--auto');
  }

  const commandProps = [
    'command',
    'commandFor',
    'interestFor',
    'href',
    'target',
    'type',
    'disabled',
    'loading',
    'accessibilityLabel',
    'inlineSize',
  ];

  // A shop's own address is a page of this server.
  const storeAddress = (href) => href.replace(/^https:\/\/([\w-]+\.myshopify\.com)\//, '/store/$1/');

  function clickable(element, inside, style) {
    const label = element.accessibilityLabel ? ` aria-label="${escape(element.accessibilityLabel)}"` : '';
    if (element.href && !element.disabled) {
      // The extension lives in a frame of the page; a link without a target means the page, not the frame.
      const target = element.target === '_blank' ? '_blank' : '_top';
      return `<a part="control" href="${escape(storeAddress(element.href))}" target="${target}" rel="noopener" style="${style}"${label}>${inside}</a>`;
    }
    const off = element.disabled || element.loading ? ' disabled' : '';
    return `<button part="control" type="button" style="${style}"${label}${off}${element.loading ? ' aria-busy="true"' : ''}>${inside}</button>`;
  }

  function wire(element) {
    element.shadowRoot.querySelector('[part=control]').addEventListener('click', () => {
      obey(element);
      if (element.type === 'submit') element.closest('s-form')?.submit();
    });
  }

  const spinner =
    '<svg viewBox="0 0 20 20" width="1.2em" height="1.2em" aria-hidden="true"><circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2.5" stroke-dasharray="34 16"><animateTransform attributeName="transform" type="rotate" from="0 10 10" to="360 10 10" dur="0.8s" repeatCount="indefinite"/></circle></svg>';

  define('s-button', {
    props: [...commandProps, 'variant', 'tone'],
    events: ['click'],
    view() {
      const primary = this.variant === 'primary' || (this.variant === 'auto' && this.type === 'submit');
      const colour = this.tone === 'critical' ? '#b3261e' : '#1773b0';
      const skin = primary
        ? `background:${colour};color:#fff;border:1px solid ${colour}`
        : `background:#fff;color:${colour};border:1px solid #c9c9c9`;
      const style = `display:inline-flex;align-items:center;justify-content:center;gap:8px;${this.inlineSize === 'fill' ? 'inline-size:100%;' : ''}min-block-size:44px;padding:8px 16px;border-radius:8px;font:inherit;font-weight:500;text-align:center;text-decoration:none;cursor:${this.disabled ? 'not-allowed' : 'pointer'};opacity:${this.disabled ? 0.5 : 1};${skin}`;
      return `<style>:host{display:${this.inlineSize === 'fill' ? 'block' : 'inline-block'}}[part]:focus-visible{outline:2px solid #1773b0;outline-offset:2px}</style>${clickable(this, `${this.loading ? spinner : ''}<slot></slot>`, style)}`;
    },
    after() {
      wire(this);
    },
  });
  define('s-press-button', {
    props: ['pressed', ...commandProps],
    events: ['click'],
    view() {
      return `<button part="control" type="button" aria-pressed="${this.hasAttribute('pressed')}" style="min-block-size:44px;padding:8px 16px;border-radius:8px;border:1px solid #c9c9c9;font:inherit"><slot></slot></button>`;
    },
    after() {
      wire(this);
    },
  });

  define('s-link', {
    props: [...commandProps, 'tone', 'lang'],
    events: ['click'],
    view() {
      return `<style>:host{display:inline}</style>${clickable(this, '<slot></slot>', `display:inline;padding:0;border:0;background:none;font:inherit;color:${this.tone && this.tone !== 'auto' ? '#555' : '#1773b0'};text-decoration:underline;cursor:pointer`)}`;
    },
    after() {
      wire(this);
    },
  });

  for (const tag of ['s-clickable', 's-clickable-chip']) {
    define(tag, {
      props: [...new Set([...commandProps, ...boxProps, 'lang', 'removable'])],
      events: ['click', 'focus', 'blur', 'remove', 'afterhide'],
      view() {
        const chip =
          tag === 's-clickable-chip' ? 'border:1px solid #c9c9c9;border-radius:999px;padding:4px 12px;' : '';
        return clickable(
          this,
          '<slot></slot>',
          `display:block;inline-size:100%;padding:0;border:0;background:none;font:inherit;color:inherit;text-align:start;text-decoration:none;cursor:pointer;${chip}${boxStyle(this)}`,
        );
      },
      after() {
        wire(this);
      },
    });
  }

  const bannerSkins = {
    info: ['#eaf4fb', '#1b5a8c', 'i'],
    success: ['#e8f6ee', '#0c6b3f', '✓'],
    warning: ['#fff5df', '#7a5200', '!'],
    critical: ['#fdecea', '#b3261e', '!'],
  };
  define('s-banner', {
    props: ['heading', 'tone', 'dismissible', 'collapsible', 'hidden'],
    events: ['dismiss', 'afterhide'],
    view() {
      const [back, ink, sign] = bannerSkins[this.tone] ?? bannerSkins.info;
      const role = this.tone === 'critical' || this.tone === 'warning' ? 'alert' : 'status';
      const close = this.dismissible
        ? '<button type="button" part="dismiss" aria-label="Dismiss" style="border:0;background:none;font:inherit;cursor:pointer;inline-size:32px;block-size:32px">✕</button>'
        : '';
      return `<div role="${role}" style="display:flex;gap:12px;padding:14px 16px;border-radius:10px;background:${back};border:1px solid ${ink}33"><span aria-hidden="true" style="flex:none;inline-size:20px;block-size:20px;border-radius:50%;background:${ink};color:#fff;font-size:13px;font-weight:700;line-height:20px;text-align:center">${sign}</span><div style="flex:1;min-inline-size:0">${this.heading ? `<strong style="display:block;margin-block-end:4px">${escape(this.heading)}</strong>` : ''}<slot></slot></div>${close}</div>`;
    },
    after() {
      this.shadowRoot.querySelector('[part=dismiss]')?.addEventListener('click', () => {
        this.dispatchEvent(new Event('dismiss'));
        this.setAttribute('hidden', '');
        this.dispatchEvent(new Event('afterhide'));
      });
    },
  });
  define('s-announcement', {
    props: ['id'],
    events: ['dismiss', 'toggle', 'aftertoggle'],
    view: () => '<div role="status" style="padding:12px 16px;background:#f6f6f6"><slot></slot></div>',
  });

  const badgeSkins = {
    neutral: '#ececec',
    auto: '#ececec',
    info: '#d5ebff',
    success: '#cdf0dc',
    warning: '#ffe9b8',
    critical: '#fbd5d1',
  };
  define('s-badge', {
    props: ['tone', 'color', 'icon', 'iconPosition', 'size'],
    view() {
      return `<style>:host{display:inline-block}</style><span style="display:inline-block;padding:2px 10px;border-radius:999px;font-size:12px;font-weight:500;background:${badgeSkins[this.tone] ?? '#ececec'}"><slot></slot></span>`;
    },
  });
  define('s-chip', {
    props: ['accessibilityLabel', 'color'],
    view() {
      return `<style>:host{display:inline-block}</style><span style="display:inline-block;padding:4px 12px;border:1px solid #c9c9c9;border-radius:999px;font-size:13px"${this.accessibilityLabel ? ` aria-label="${escape(this.accessibilityLabel)}"` : ''}><slot></slot></span>`;
    },
  });

  define('s-spinner', {
    props: ['size', 'accessibilityLabel'],
    view() {
      const size = { 'small-100': 14, small: 16, large: 32, 'large-100': 40 }[this.size] ?? 22;
      return `<style>:host{display:inline-block;line-height:0}</style><span role="progressbar" aria-label="${escape(this.accessibilityLabel || 'Loading')}" style="font-size:${size / 1.2}px;color:#1773b0">${spinner}</span>`;
    },
  });

  define('s-skeleton-paragraph', {
    props: ['content'],
    view() {
      const bar = (width) =>
        `<div style="block-size:14px;inline-size:${width};margin-block:6px;border-radius:4px;background:linear-gradient(90deg,#ececec 25%,#f7f7f7 50%,#ececec 75%)"></div>`;
      return `<div role="status" aria-label="Loading" aria-busy="true">${bar('100%')}${bar('92%')}${bar('60%')}</div>`;
    },
  });

  define('s-progress', {
    props: ['value', 'max', 'tone', 'accessibilityLabel'],
    view() {
      const value = this.value === '' ? '' : ` value="${escape(this.value)}"`;
      return `<progress style="inline-size:100%;accent-color:${this.tone === 'critical' ? '#b3261e' : '#1773b0'}" max="${escape(this.max || '1')}"${value} aria-label="${escape(this.accessibilityLabel || 'Progress')}"></progress>`;
    },
  });

  define('s-qr-code', {
    props: ['content', 'border', 'size', 'logo', 'accessibilityLabel'],
    events: ['error'],
    view() {
      const size = this.size === 'fill' ? 'inline-size:100%' : 'inline-size:200px';
      const frame = this.border === 'none' ? '' : 'border:1px solid #dedede;border-radius:10px;padding:10px;';
      return `<style>:host{${this.size === 'fill' ? '' : 'inline-size:fit-content'}}</style><div style="${frame}background:#fff;line-height:0"><canvas role="img" aria-label="${escape(this.accessibilityLabel || 'QR code')}" data-content="${escape(this.content)}" style="${size};block-size:auto;max-inline-size:100%;image-rendering:pixelated"></canvas></div>`;
    },
    after() {
      const canvas = this.shadowRoot.querySelector('canvas');
      QRCode.toCanvas(canvas, this.content, { errorCorrectionLevel: 'M', margin: 4, scale: 8 }, (error) => {
        // toCanvas writes its own pixel size into the style and takes ours away.
        canvas.style.width = this.size === 'fill' ? '100%' : '200px';
        canvas.style.height = 'auto';
        if (error) this.dispatchEvent(new Event('error'));
      });
    },
  });

  define('s-clipboard-item', {
    props: ['text'],
    events: ['copy', 'copyerror'],
    view: () => '<style>:host{display:none}</style>',
    command(command) {
      if (command === '--copy' || command === '--auto') void this.copyText();
    },
    async copyText() {
      try {
        await navigator.clipboard.writeText(this.text);
      } catch {
        // The Clipboard API needs a permission that a frame may lack; the old way needs only the click.
        const field = document.createElement('textarea');
        field.value = this.text;
        document.body.append(field);
        field.select();
        const done = document.execCommand('copy');
        field.remove();
        if (!done) {
          this.dispatchEvent(new Event('copyerror'));
          return;
        }
      }
      this.dispatchEvent(new Event('copy'));
    },
  });

  define('s-image', {
    props: [
      'src',
      'srcSet',
      'sizes',
      'alt',
      'aspectRatio',
      'objectFit',
      'inlineSize',
      'loading',
      'border',
      'borderRadius',
      'borderStyle',
      'borderWidth',
      'accessibilityRole',
    ],
    view() {
      const role =
        this.accessibilityRole === 'presentation' || this.accessibilityRole === 'none'
          ? ' role="presentation"'
          : '';
      const ratio = this.aspectRatio ? `aspect-ratio:${escape(this.aspectRatio)};` : '';
      return `<img src="${escape(this.src)}" alt="${escape(this.alt)}"${role} style="display:block;max-inline-size:100%;inline-size:${this.inlineSize === 'auto' ? 'auto' : '100%'};object-fit:${escape(this.objectFit || 'contain')};${ratio}">`;
    },
  });
  define('s-product-thumbnail', {
    props: ['src', 'alt', 'totalItems', 'size'],
    view() {
      return `<img src="${escape(this.src)}" alt="${escape(this.alt)}" style="inline-size:64px;block-size:64px;object-fit:cover;border-radius:8px;border:1px solid #dedede">`;
    },
  });
  define('s-divider', {
    props: ['direction'],
    view() {
      return this.direction === 'block'
        ? '<div role="separator" aria-orientation="vertical" style="inline-size:1px;block-size:100%;background:#dedede"></div>'
        : '<hr style="border:0;border-block-start:1px solid #dedede;margin:0">';
    },
  });

  define('s-details', {
    props: ['open', 'defaultOpen', 'toggleTransition'],
    events: ['toggle', 'aftertoggle'],
    view() {
      return `<style>summary{cursor:pointer;min-block-size:32px;display:flex;align-items:center;gap:8px;color:#1773b0;font-weight:500}summary::before{content:"›";display:inline-block;transition:rotate .15s}details[open]>summary::before{rotate:90deg}summary::-webkit-details-marker{display:none}div{padding-block-start:8px}</style><details${this.open || this.defaultOpen ? ' open' : ''}><summary><slot name="summary"></slot></summary><div><slot></slot></div></details>`;
    },
    after() {
      // The author writes <s-summary> as an ordinary child; the slot needs its name.
      const name = () => {
        for (const child of this.children) {
          if (child.localName === 's-summary' && child.slot !== 'summary') child.slot = 'summary';
        }
      };
      name();
      this.watcher ??= new MutationObserver(name);
      this.watcher.observe(this, { childList: true });
      const details = this.shadowRoot.querySelector('details');
      details.addEventListener('toggle', () => {
        this.dispatchEvent(new Event('toggle'));
        this.dispatchEvent(new Event('aftertoggle'));
      });
    },
  });
  define('s-summary', { props: ['id'], view: () => '<slot></slot>' });

  for (const [tag, list] of [
    ['s-ordered-list', 'decimal'],
    ['s-unordered-list', 'disc'],
  ]) {
    define(tag, {
      props: [],
      view: () =>
        `<div role="list" style="padding-inline-start:22px;list-style:${list};display:grid;gap:6px"><slot></slot></div>`,
    });
  }
  define('s-list-item', {
    props: [],
    view: () => '<style>:host{display:list-item}</style><slot></slot>',
    connectedCallback() {
      this.setAttribute('role', 'listitem');
      this.draw();
    },
  });

  const signs = {
    'check-circle': '✓',
    check: '✓',
    'alert-circle': '!',
    'alert-triangle': '!',
    info: 'i',
    x: '✕',
    copy: '⧉',
    clipboard: '⧉',
    mobile: '▯',
    phone: '☎',
    globe: '◯',
    external: '↗',
    plus: '+',
    minus: '−',
    search: '⌕',
    'qr-code': '▦',
    clock: '◷',
  };
  define('s-icon', {
    props: ['type', 'tone', 'size'],
    view() {
      return `<style>:host{display:inline-block}</style><span aria-hidden="true" style="display:inline-block;inline-size:1.2em;text-align:center;color:${tones[this.tone] ?? 'inherit'}">${signs[this.type] ?? '•'}</span>`;
    },
  });

  define('s-time', {
    props: ['dateTime'],
    view() {
      return `<style>:host{display:inline}</style><time datetime="${escape(this.dateTime)}"><slot></slot></time>`;
    },
  });
  define('s-abbreviation', {
    props: ['title'],
    view() {
      return `<style>:host{display:inline}</style><abbr title="${escape(this.title)}"><slot></slot></abbr>`;
    },
  });

  /** Modal, sheet and popover: closed until a command or a method opens them. */
  for (const [tag, place] of [
    ['s-modal', 'margin:auto;border-radius:12px;max-inline-size:min(92%,520px)'],
    ['s-sheet', 'margin:0 0 0 auto;block-size:100%;max-block-size:100%;max-inline-size:min(92%,420px)'],
    ['s-popover', 'margin:auto;border-radius:10px;max-inline-size:min(92%,360px)'],
  ]) {
    define(tag, {
      props: [
        'heading',
        'size',
        'padding',
        'accessibilityLabel',
        'inlineSize',
        'maxInlineSize',
        'minInlineSize',
        'blockSize',
        'maxBlockSize',
        'minBlockSize',
      ],
      events: ['show', 'hide', 'aftershow', 'afterhide'],
      view() {
        return `<style>:host{display:contents}dialog{border:0;padding:0;inline-size:100%;box-shadow:0 12px 40px #0004;${place}}dialog::backdrop{background:#0006}header{display:flex;align-items:center;gap:12px;padding:16px;border-block-end:1px solid #e3e3e3;font-weight:600}header span{flex:1}header button{border:0;background:none;font-size:16px;cursor:pointer;min-inline-size:32px;min-block-size:32px}.body{padding:16px}footer{display:flex;gap:8px;justify-content:flex-end;padding:0 16px 16px}</style><dialog aria-label="${escape(this.accessibilityLabel || this.heading || 'Dialog')}"><header><span>${escape(this.heading)}</span><button type="button" aria-label="Close">✕</button></header><div class="body"><slot></slot></div><footer><slot name="secondary-actions"></slot><slot name="primary-action"></slot></footer></dialog>`;
      },
      after() {
        const dialog = this.shadowRoot.querySelector('dialog');
        this.shadowRoot.querySelector('header button').addEventListener('click', () => this.hideOverlay());
        dialog.addEventListener('close', () => {
          this.dispatchEvent(new Event('hide'));
          this.dispatchEvent(new Event('afterhide'));
        });
      },
      showOverlay() {
        const dialog = this.shadowRoot.querySelector('dialog');
        if (dialog.open) return;
        dialog.showModal();
        this.dispatchEvent(new Event('show'));
        this.dispatchEvent(new Event('aftershow'));
      },
      hideOverlay() {
        this.shadowRoot.querySelector('dialog').close();
      },
      command(command) {
        const { open } = this.shadowRoot.querySelector('dialog');
        if (command === '--show' || (!open && command !== '--hide')) this.showOverlay();
        else this.hideOverlay();
      },
    });
  }
  define('s-tooltip', {
    props: ['id'],
    view: () =>
      '<style>:host{display:none;position:absolute;z-index:9;max-inline-size:260px;padding:6px 10px;border-radius:6px;background:#222;color:#fff;font-size:12px}:host([shown]){display:block}</style><div role="tooltip"><slot></slot></div>',
  });
  for (const [type, shown] of [
    ['pointerover', true],
    ['focusin', true],
    ['pointerout', false],
    ['focusout', false],
  ]) {
    document.addEventListener(type, (event) => {
      const tip = event.target.interestFor && document.getElementById(event.target.interestFor);
      if (tip) tip.toggleAttribute('shown', shown);
    });
  }

  const fieldProps = [
    'label',
    'labelAccessibilityVisibility',
    'value',
    'defaultValue',
    'name',
    'placeholder',
    'error',
    'details',
    'required',
    'readOnly',
    'disabled',
    'autocomplete',
    'maxLength',
    'minLength',
    'min',
    'max',
    'step',
    'rows',
    'prefix',
    'suffix',
    'icon',
  ];
  const fieldEvents = ['input', 'change', 'focus', 'blur'];

  /** The inner control's events do not leave the shadow tree by themselves (`change` is not composed). */
  function mirror(element, read) {
    const control = element.shadowRoot.querySelector('[part=control]');
    for (const type of ['input', 'change']) {
      control.addEventListener(type, (event) => {
        event.stopPropagation();
        read(control);
        element.dispatchEvent(new Event(type, { bubbles: true }));
      });
    }
  }

  const field = (element, control) =>
    `<label style="display:grid;gap:4px"><span>${escape(element.label)}${element.required ? ' *' : ''}</span>${control}${element.details ? `<small style="color:#6b6b6b">${escape(element.details)}</small>` : ''}${element.error ? `<small role="alert" style="color:#b3261e">${escape(element.error)}</small>` : ''}</label>`;
  const controlStyle =
    'font:inherit;min-block-size:44px;padding:8px 12px;border:1px solid #c9c9c9;border-radius:8px;inline-size:100%';

  for (const [tag, type] of [
    ['s-text-field', 'text'],
    ['s-email-field', 'email'],
    ['s-phone-field', 'tel'],
    ['s-number-field', 'number'],
    ['s-money-field', 'number'],
    ['s-url-field', 'url'],
    ['s-password-field', 'password'],
    ['s-date-field', 'date'],
    ['s-text-area', 'area'],
  ]) {
    define(tag, {
      props: fieldProps,
      events: fieldEvents,
      view() {
        // The value is kept out of the view, so that typing does not draw the field anew under the cursor.
        const shared = `part="control" style="${controlStyle}" placeholder="${escape(this.placeholder)}"${this.disabled ? ' disabled' : ''}${this.readOnly ? ' readonly' : ''}${this.required ? ' required' : ''}`;
        return field(
          this,
          type === 'area'
            ? `<textarea ${shared} rows="${escape(this.rows || '3')}"></textarea>`
            : `<input type="${type}" ${shared}>`,
        );
      },
      after() {
        mirror(this, (control) => {
          this.value = control.value;
        });
        this.shadowRoot.querySelector('[part=control]').value = this.value || this.defaultValue;
      },
      attributeChangedCallback(name, _, value) {
        if (!this.isConnected) return;
        const control = this.shadowRoot.querySelector('[part=control]');
        if (name === 'value' && control && control.value !== value) control.value = value ?? '';
        this.draw();
      },
    });
  }

  for (const tag of ['s-checkbox', 's-switch', 's-consent-checkbox']) {
    define(tag, {
      props: [...fieldProps, 'checked', 'defaultChecked', 'policy'],
      events: fieldEvents,
      view() {
        return `<label style="display:flex;gap:8px;align-items:center;min-block-size:32px"><input part="control" type="checkbox"${tag === 's-switch' ? ' role="switch"' : ''}${this.disabled ? ' disabled' : ''}${this.checked || this.defaultChecked ? ' checked' : ''}><span>${escape(this.label)}</span></label>`;
      },
      after() {
        mirror(this, (control) => {
          this.checked = control.checked;
        });
      },
    });
  }

  for (const tag of ['s-option', 's-choice']) {
    define(tag, { props: ['value', 'selected', 'disabled'], view: () => '<slot></slot>' });
  }
  define('s-select', {
    props: fieldProps,
    events: fieldEvents,
    view() {
      // By attribute: the options are upgraded after the select that holds them.
      const options = [...this.querySelectorAll('s-option')].map(
        (option) =>
          `<option value="${escape(option.getAttribute('value'))}"${option.getAttribute('value') === this.value ? ' selected' : ''}>${escape(option.textContent)}</option>`,
      );
      return field(
        this,
        `<select part="control" style="${controlStyle}">${options.join('')}</select><span hidden><slot></slot></span>`,
      );
    },
    after() {
      mirror(this, (control) => {
        this.value = control.value;
      });
      this.watcher ??= new MutationObserver(() => this.draw());
      this.watcher.observe(this, { childList: true, subtree: true });
    },
  });
  define('s-form', {
    props: ['id'],
    events: ['submit', 'reset'],
    view: () => '<form><slot></slot></form>',
    submit() {
      this.dispatchEvent(new Event('submit', { cancelable: true }));
    },
  });
})();
