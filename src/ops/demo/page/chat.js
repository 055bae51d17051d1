/* global Pusher */

/** Milliseconds after the last key until "is typing" ends. */
const TYPING_ENDS = 1_500;

const scene = await (await fetch('/demo/scene', { method: 'POST' })).json();
const template = document.getElementById('side');

for (const person of scene.people) {
  await open(
    person,
    scene.people.find((other) => other !== person),
  );
}

/** One customer's side of the conversation: a session, a socket, and what they show. */
async function open(me, other) {
  const side = template.content.firstElementChild.cloneNode(true);
  const part = (name) => side.querySelector(`.${name}`);
  side.dataset.customer = me.name;
  part('name').textContent = me.name;
  document.getElementById('sides').append(side);

  const api = async (method, path, body) => {
    const response = await fetch(`/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${me.token}`, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.status === 204 ? null : response.json();
  };

  const pusher = new Pusher(scene.public_key, {
    cluster: '',
    wsHost: location.hostname,
    wsPort: location.port || 80,
    wssPort: location.port || 443,
    forceTLS: location.protocol === 'https:',
    enabledTransports: ['ws', 'wss'],
    disableStats: true,
    channelAuthorization: {
      endpoint: '/broadcasting/auth',
      headers: { Authorization: `Bearer ${me.token}` },
    },
  });
  pusher.connection.bind('state_change', ({ current }) => {
    document.getElementById('state').textContent = current;
  });

  let last = null;
  const shown = new Set();
  const show = (message) => {
    if (shown.has(message.id)) {
      return;
    }
    shown.add(message.id);
    last = message.id;
    const item = document.createElement('li');
    item.textContent = message.content;
    item.dataset.id = message.id;
    item.classList.toggle('mine', message.sender_id === me.id);
    part('messages').append(item);
    item.scrollIntoView({ block: 'nearest' });
  };

  /** Whatever was said while nobody was connected: page by page, after the last message that is shown. */
  const catchUp = async () => {
    for (let more = true; more;) {
      const after = last ? `&starting_after=${last}` : '';
      const page = await api('GET', `messages/channel/${scene.channel_id}?limit=100${after}`);
      page.data.forEach(show);
      more = page.has_more;
    }
  };

  /** Every message of mine up to this one has been read by the other. */
  const markRead = (upTo) => {
    for (const item of part('messages').children) {
      item.classList.add('read');
      if (item.dataset.id === upTo) {
        return;
      }
    }
  };

  const readAll = () => {
    if (last && side.contains(document.activeElement)) {
      void api('POST', `channels/${scene.channel_id}/read`, { customer_uuid: me.id });
    }
  };

  const channel = pusher.subscribe(`private-channel.${scene.channel_id}`);
  // One after the other: what arrives while history is being read waits for its place behind it.
  let queue = Promise.resolve();
  const inTurn = (step) => {
    queue = queue.then(step);
  };
  channel.bind('pusher:subscription_succeeded', () => inTurn(catchUp));
  channel.bind('message.sent', ({ message }) =>
    inTurn(() => {
      show(message);
      readAll();
    }),
  );
  channel.bind('message.deleted', ({ id }) => part('messages').querySelector(`[data-id="${id}"]`)?.remove());
  channel.bind('message.read', ({ customer_id, message_id }) => {
    if (customer_id === other.id) {
      markRead(message_id);
    }
  });
  channel.bind('typing.started', ({ customer_id }) => {
    if (customer_id === other.id) {
      part('typing').textContent = `${other.name} is typing…`;
    }
  });
  channel.bind('typing.stopped', () => {
    part('typing').textContent = '';
  });

  const own = pusher.subscribe(`private-customer.${me.id}`);
  own.bind('unread.changed', ({ total_unread }) => {
    part('badge').textContent = total_unread;
    part('badge').hidden = total_unread === 0;
  });

  const presence = pusher.subscribe(`presence-channel.${scene.channel_id}`);
  const showPresence = () => {
    const here = presence.members.get(other.id) !== null;
    part('dot').classList.toggle('here', here);
    part('whereabouts').textContent = `${other.name} is ${here ? 'here' : 'away'}`;
  };
  for (const event of ['pusher:subscription_succeeded', 'pusher:member_added', 'pusher:member_removed']) {
    presence.bind(event, showPresence);
  }

  const form = side.querySelector('form');
  let pause;
  const stopTyping = () => {
    clearTimeout(pause);
    pause = undefined;
    channel.trigger('client-typing-stopped', {});
  };
  form.content.addEventListener('input', () => {
    if (pause === undefined) {
      channel.trigger('client-typing', {});
    }
    clearTimeout(pause);
    pause = setTimeout(stopTyping, TYPING_ENDS);
  });
  side.addEventListener('focusin', readAll);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const content = form.content.value;
    form.reset();
    stopTyping();
    await api('POST', 'messages', { channel_uuid: scene.channel_id, sender_uuid: me.id, type: 'text', content });
  });
}
