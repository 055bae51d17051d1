const OURS = '+15005550006';
const THEIRS = '+14155552671';
/** Milliseconds until a socket that was closed is opened again. */
const RETRY_MS = 2_000;
/** The session has ended, or the user is no member: coming back changes nothing. */
const FINAL = [4401, 4403];

const scene = await fetch('/demo/phones/scene', { method: 'POST' });
if (!scene.ok) {
  document.getElementById('state').textContent = 'These phones work in development, on the machine of the server only.';
  throw new Error(`The server has no phones to show: ${scene.status}`);
}
const { token, workspace_id: workspaceId } = await scene.json();
const sides = { workspace: document.getElementById('workspace'), phone: document.getElementById('phone') };
const part = (side, name) => sides[side].querySelector(`.${name}`);
part('workspace', 'name').textContent = OURS;
part('phone', 'name').textContent = THEIRS;

async function api(method, path, body) {
  const response = await fetch(`/api/ui/workspaces/${workspaceId}/${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(answer.detail);
  }
  return answer;
}

/** A message is shown where it was written, and on the other side once it is there. */
function show(message) {
  const isOurs = message.direction === 'outbound';
  put(isOurs ? 'workspace' : 'phone', message, true);
  if (!isOurs || message.status === 'delivered') {
    put(isOurs ? 'phone' : 'workspace', message, false);
  }
}

function put(side, { sid, body, status, errorCode }, isMine) {
  const list = part(side, 'messages');
  let item = list.querySelector(`[data-sid="${sid}"]`);
  if (!item) {
    item = document.createElement('li');
    item.dataset.sid = sid;
    item.append(document.createElement('span'));
    list.append(item);
  }
  item.classList.toggle('mine', isMine);
  item.classList.add('text');
  item.firstElementChild.textContent = body ?? '(deleted)';
  item.dataset.status = isMine ? (errorCode ?? status) : '';
  item.scrollIntoView({ block: 'nearest' });
}

let lastEventId;
function listen() {
  const address = `${location.protocol.replace('http', 'ws')}//${location.host}/api/ui/ws`;
  const socket = new WebSocket(address, ['parlance.v1', `bearer.${token}`]);
  socket.addEventListener('open', () => {
    socket.send(JSON.stringify({ type: 'subscribe', data: { workspaceId, lastEventId } }));
  });
  socket.addEventListener('message', ({ data }) => {
    const frame = JSON.parse(data);
    lastEventId = frame.id ?? lastEventId;
    if (frame.type === 'ready' || frame.type === 'resync') {
      document.getElementById('state').textContent = 'connected';
      void showAll();
    } else if (frame.type === 'opt_out.updated') {
      showOptOut(frame.data.endedAt === null);
    } else if (frame.type.startsWith('message.')) {
      show(frame.data);
    }
  });
  socket.addEventListener('close', ({ code }) => {
    document.getElementById('state').textContent = 'connecting…';
    if (!FINAL.includes(code)) {
      setTimeout(listen, RETRY_MS);
    }
  });
}

function showOptOut(isOut) {
  part('workspace', 'typing').textContent = isOut ? `${THEIRS} has opted out, until it says START` : '';
  sides.workspace.querySelector('button').disabled = isOut;
}

/** What was said before, oldest first, and whether the phone has opted out. */
async function showAll() {
  const [messages, optOuts] = await Promise.all([api('GET', 'messages?limit=50'), api('GET', 'opt-outs')]);
  messages.data.reverse().forEach(show);
  showOptOut(optOuts.data.some(({ number, endedAt }) => number === THEIRS && endedAt === null));
}

function whenSent(side, send) {
  const form = sides[side].querySelector('form');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const body = form.content.value;
    form.reset();
    part(side, 'typing').textContent = '';
    try {
      await send(body);
    } catch (error) {
      part(side, 'typing').textContent = error.message;
    }
  });
}
whenSent('workspace', (body) => api('POST', 'messages', { to: THEIRS, body }));
whenSent('phone', (body) => api('POST', 'simulator/inbound', { from: THEIRS, to: OURS, body }));

const { data: numbers } = await api('GET', 'phone-numbers');
if (numbers.length === 0) {
  await api('POST', 'phone-numbers', { number: OURS });
}
listen();
