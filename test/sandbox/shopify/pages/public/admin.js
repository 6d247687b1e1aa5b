// The admin's own menu on a phone, and the switch between stores.
document
  .querySelector('#nav-toggle')
  .addEventListener('click', () => document.body.classList.toggle('nav-open'));
document
  .querySelector('#store-switch')
  .addEventListener('change', (event) => location.assign(event.target.value));
