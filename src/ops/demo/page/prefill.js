/** Fills the demo client's keys in where Swagger UI has none. */
window.addEventListener('load', async () => {
  const kept = JSON.parse(window.localStorage.getItem('authorized') ?? '{}');
  // Only this name is in the demo client's domain.
  if (kept.secret_key || location.hostname !== 'localhost') {
    return;
  }
  const response = await fetch('/demo/keys', { method: 'POST' });
  if (response.ok) {
    const { secret_key, public_key } = await response.json();
    window.ui.authActions.authorize({
      secret_key: { name: 'secret_key', schema: { type: 'http', scheme: 'bearer' }, value: secret_key },
      public_key: {
        name: 'public_key',
        schema: { type: 'apiKey', in: 'header', name: 'X-Public-Key' },
        value: public_key,
      },
    });
  }
});
