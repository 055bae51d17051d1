// How it went, by a link. Nothing happens before the button is pressed: what opens links in mails to look at them must rate nothing.
const TEXTS = {
  en: {
    title: 'How did it go?',
    legend: 'Your rating',
    scores: ['1, bad', '2', '3', '4', '5, great'],
    comment: 'Anything you want to add (optional)',
    send: 'Send',
    thanks: 'Thank you. You can still change it here.',
    gone: 'This link leads nowhere any more.',
    failed: 'That did not work. Please try again.',
  },
  de: {
    title: 'Wie war es?',
    legend: 'Ihre Bewertung',
    scores: ['1, schlecht', '2', '3', '4', '5, sehr gut'],
    comment: 'Möchten Sie etwas dazu sagen? (freiwillig)',
    send: 'Senden',
    thanks: 'Vielen Dank. Sie können es hier noch ändern.',
    gone: 'Dieser Link führt nirgends mehr hin.',
    failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
  },
};
const preferred = navigator.language.slice(0, 2);
const language = preferred in TEXTS ? preferred : 'en';
const texts = TEXTS[language];
const address = `/api/v1/conversations/ratings/${location.pathname.split('/').at(-1)}`;
const form = document.querySelector('form');
const status = document.querySelector('[role=status]');

document.documentElement.lang = language;
document.title = texts.title;
document.querySelector('h1').textContent = texts.title;
document.querySelector('legend').textContent = texts.legend;
document.querySelector('label span').textContent = texts.comment;
document.querySelector('button').textContent = texts.send;
texts.scores.forEach((text, at) => {
  const input = Object.assign(document.createElement('input'), { type: 'radio', name: 'score', value: at + 1 });
  input.required = true;
  input.setAttribute('aria-label', text);
  const label = document.createElement('label');
  label.title = text;
  label.append(input, String(at + 1));
  document.querySelector('.scores').append(label);
});

/** Null where there is no such rating. */
async function ask(init) {
  const response = await fetch(address, init);
  if (response.status === 404) {
    form.hidden = true;
    status.textContent = texts.gone;
    return null;
  }
  if (!response.ok) {
    throw new Error(String(response.status));
  }
  return (await response.json()).data;
}

function failed() {
  status.textContent = texts.failed;
}

ask()
  .then((rating) => {
    form.elements.score.value = String(rating?.score ?? '');
    form.elements.comment.value = rating?.comment ?? '';
  })
  .catch(failed);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const comment = form.elements.comment.value.trim();
  ask({
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ score: Number(form.elements.score.value), ...(comment ? { comment } : {}) }),
  })
    .then((rating) => rating && (status.textContent = texts.thanks))
    .catch(failed);
});
