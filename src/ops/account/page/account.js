// The pages behind mailed links. Nothing happens before the button is pressed: what opens links in mails to look at them
// must not use them up.
const PURPOSES = {
  'verify-email': { to: 'verify-email', button: 'Confirm e-mail address', fields: [] },
  'reset-password': { to: 'reset-password', button: 'Set password', fields: ['password'] },
  invitation: { to: 'accept-invitation', button: 'Accept invitation', fields: [] },
};
const name = location.pathname.split('/').at(-1);
const purpose = PURPOSES[name];
const token = new URL(location.href.replace('#', '?')).searchParams.get('token');
// It must not stay in the address bar, nor in the history.
history.replaceState(null, '', location.pathname);

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');

async function ask(path, body) {
  const response = await fetch(`/api/auth/${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { isOk: response.ok, body: response.status === 204 ? null : await response.json() };
}

function show(fields) {
  for (const label of form.querySelectorAll('label')) {
    const field = label.querySelector('input');
    label.hidden = !fields.includes(field.name);
    field.required = field.minLength > 0 && !label.hidden;
  }
}

/** What the invitation is for; whoever has no account yet makes one with it. */
async function look() {
  const { isOk, body } = await ask('invitations/look', { token });
  form.hidden = !isOk;
  status.textContent = isOk ? `Join ${body.workspace.name} as ${body.email}.` : body.detail;
  purpose.fields = isOk && body.needsAccount ? ['name', 'password'] : [];
  show(purpose.fields);
}

async function send() {
  const given = purpose.fields.map((field) => [field, form.elements[field].value]);
  const { isOk, body } = await ask(purpose.to, { token, ...Object.fromEntries(given) });
  return isOk ? null : body.detail;
}

const UNREACHABLE = 'The server cannot be reached. Please try again.';
document.querySelector('button').textContent = purpose.button;
show(purpose.fields);
if (name === 'invitation') {
  look().catch(() => {
    status.textContent = UNREACHABLE;
  });
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const problem = await send().catch(() => UNREACHABLE);
  form.hidden = problem === null;
  status.textContent = problem ?? 'Done. You can log in now.';
});
