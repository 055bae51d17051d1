/** Swagger UI gives each field of its dialog the focus in turn, so that it opens at the last; the first is the secret key. */
window.addEventListener('click', ({ target }) => {
  if (target.closest('button.authorize, button.authorization__btn')) {
    window.requestAnimationFrame(() => {
      const first = document.querySelector('.dialog-ux .auth-container');
      first?.querySelector('input, button')?.focus();
      first?.scrollIntoView();
    });
  }
});
