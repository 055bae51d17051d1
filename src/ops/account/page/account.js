// The pages behind mailed links. Nothing happens before the button is pressed: what opens links in mails to look at them
// must not use them up.
const isReset = location.pathname.endsWith('/reset-password');
const token = new URL(location.href.replace('#', '?')).searchParams.get('token');
// It must not stay in the address bar, nor in the history.
history.replaceState(null, '', location.pathname);

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');
const password = form.elements.password;
document.querySelector('#choice').hidden = !isReset;
password.required = isReset;
document.querySelector('button').textContent = isReset ? 'Set password' : 'Confirm e-mail address';

async function send() {
  const body = isReset ? { token, password: password.value } : { token };
  const response = await fetch(isReset ? '/api/auth/reset-password' : '/api/auth/verify-email', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.ok ? null : (await response.json()).detail;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const problem = await send().catch(() => 'The server cannot be reached. Please try again.');
  form.hidden = problem === null;
  status.textContent = problem ?? 'Done. You can log in now.';
});
