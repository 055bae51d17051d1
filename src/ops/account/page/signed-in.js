// Where a sign-in by a provider ends, and may begin. What it began with stays in this tab: only here can it end.
const KEPT = 'parlance.verifier';
const NAMES = { google: 'Google', microsoft: 'Microsoft', github: 'GitHub' };
const SAYS = {
  access_denied: 'You said no there, so nobody is signed in.',
  temporarily_unavailable: 'The provider does not answer. Please try again.',
};
const UNREACHABLE = 'The server cannot be reached. Please try again.';

const answer = new URL(location.href.replace('#', '?')).searchParams;
// It must not stay in the address bar, nor in the history.
history.replaceState(null, '', location.pathname);

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');

async function ask(path, body) {
  const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`/api/auth/${path}`, body ? post : {});
  const read = await response.json();
  if (!response.ok) {
    throw new Error(read.detail);
  }
  return read;
}

const inBase64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function start(provider) {
  const verifier = inBase64url(crypto.getRandomValues(new Uint8Array(32)));
  const challenge = inBase64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const { url } = await ask(`social/${provider}/start`, { challenge });
  sessionStorage.setItem(KEPT, verifier);
  location.assign(url);
}

async function offer() {
  const { data } = await ask('social');
  for (const provider of data) {
    const button = document.createElement('button');
    button.textContent = `Sign in with ${NAMES[provider] ?? provider}`;
    button.addEventListener('click', () => start(provider).catch(complain));
    document.querySelector('#providers').append(button);
  }
}

async function finish() {
  const verifier = sessionStorage.getItem(KEPT);
  sessionStorage.removeItem(KEPT);
  if (!verifier) {
    throw new Error('This sign-in was begun elsewhere. Begin it here.');
  }
  await show(await ask('social/exchange', { code: answer.get('code'), verifier }));
}

/** A page of your own keeps the token instead. */
async function show({ twoFactor, token, user }) {
  form.hidden = !twoFactor;
  if (twoFactor) {
    form.onsubmit = (event) => {
      event.preventDefault();
      ask('2fa/verify', { challenge: twoFactor.challenge, code: form.elements.code.value }).then(show).catch(complain);
    };
    status.textContent = 'A code is needed besides.';
    return;
  }
  document.querySelector('output').textContent = token;
  status.textContent = `You are signed in as ${user.email}. This is the token of the session:`;
}

function complain(error) {
  // What `fetch` throws where there is no answer.
  status.textContent = error instanceof TypeError ? UNREACHABLE : error.message;
}

if (answer.has('code')) {
  finish().catch((error) => {
    complain(error);
    offer().catch(complain);
  });
} else {
  const error = answer.get('error');
  status.textContent = error === null ? '' : (SAYS[error] ?? 'The sign-in did not work.');
  offer().catch(complain);
}
