/** For the head of the document. A test runs it as it stands, in one shell. */
export const QUICKSTART = `
With the keys of your client in \`SECRET_KEY\` and \`PUBLIC_KEY\`, two customers talk from a shell:

\`\`\`sh
api() { curl -sS "http://localhost:3000/api/v1/$1" -H "Authorization: Bearer $SECRET_KEY" -H "X-Public-Key: $PUBLIC_KEY" -H 'Content-Type: application/json' \${2:+-d "$2"}; echo; }
id() { grep -o "$1_[0-9A-Za-z_]*" | head -n 1; }
\`\`\`

Create two customers, and a channel for them:

\`\`\`sh
export JOHN=$(api customers '{"name":"John","email":"john@example.com"}' | id cus)
export JANE=$(api customers '{"name":"Jane","email":"jane@example.com"}' | id cus)
export CHANNEL=$(api channels "{\\"type\\":\\"custom\\",\\"name\\":\\"Team\\",\\"customer_uuids\\":[\\"$JOHN\\",\\"$JANE\\"]}" | id ch)
\`\`\`

Send a message:

\`\`\`sh
api messages "{\\"channel_uuid\\":\\"$CHANNEL\\",\\"sender_uuid\\":\\"$JOHN\\",\\"type\\":\\"text\\",\\"content\\":\\"Hello, Jane!\\"}"
\`\`\`

List the messages of the channel:

\`\`\`sh
api "messages/channel/$CHANNEL"
\`\`\`

Subscribe as Jane. She gets a session, with which her browser or app receives messages as they are sent:

\`\`\`sh
export TOKEN=$(api "customers/$JANE/sessions" '{}' | id cst)
\`\`\`

\`\`\`js
// listen.mjs: npm install pusher-js && node listen.mjs
import Pusher from 'pusher-js';

const { PUBLIC_KEY, TOKEN, CHANNEL } = process.env;
const pusher = new Pusher(PUBLIC_KEY, {
  cluster: '',
  wsHost: 'localhost',
  wsPort: 3000,
  forceTLS: false,
  enabledTransports: ['ws'],
  channelAuthorization: {
    endpoint: 'http://localhost:3000/broadcasting/auth',
    headers: { Authorization: \`Bearer \${TOKEN}\` },
  },
});
const channel = pusher.subscribe(\`private-channel.\${CHANNEL}\`);
channel.bind('pusher:subscription_succeeded', () => console.log('listening'));
channel.bind('message.sent', ({ message }) => console.log(message.content));
\`\`\`

While it runs, send another message from a second shell:

\`\`\`sh
api messages "{\\"channel_uuid\\":\\"$CHANNEL\\",\\"sender_uuid\\":\\"$JOHN\\",\\"type\\":\\"text\\",\\"content\\":\\"Did you get this?\\"}"
\`\`\`
`.trim();
