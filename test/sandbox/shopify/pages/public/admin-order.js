// The order's page in the admin: the app's block in it, and the app's action in a dialog over it.
(() => {
  const dialog = document.querySelector('#action');
  const frame = dialog.querySelector('iframe');
  const block = document.querySelector('iframe[data-testid=extension-admin-order]');
  if (block) block.src = block.dataset.src;

  function open() {
    if (!frame) return;
    // Anew each time, as Shopify does.
    frame.src = frame.dataset.src;
    dialog.showModal();
  }
  document.querySelector('[data-opens]').addEventListener('click', open);
  dialog.addEventListener('close', () => {
    if (frame) frame.src = 'about:blank';
  });
  addEventListener('message', ({ data, origin }) => {
    if (origin !== location.origin || data?.from !== 'extension') return;
    if (data.open === 'admin-order-email') open();
    if (data.close) dialog.close();
  });
})();
