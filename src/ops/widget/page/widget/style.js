/**
 * Of the widget alone: it stands in a shadow root, so the page's styles and these meet at its host only, where what is important
 * here wins. In pixels, for `rem` is the page's.
 */
export const STYLE = `
:host {
  --back: #fff; --front: #1c1f24; --soft: #eef0f3; --faint: #5b6470; --accent: #2457d6; --on-accent: #fff; --line: #c9ced6;
  all: initial !important; position: fixed !important; inset: auto 16px 16px auto !important; z-index: 2147483000 !important;
  font: 16px/1.45 system-ui, sans-serif !important; color: var(--front) !important; color-scheme: light dark !important;
}
@media (prefers-color-scheme: dark) {
  :host { --back: #191c21; --front: #e8eaee; --soft: #2a2f37; --faint: #a5adb9; --accent: #7ea2ff; --on-accent: #10131a; --line: #454c57; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
button { font: inherit; cursor: pointer; border: 0; border-radius: 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.launcher {
  position: relative; display: block; margin-left: auto; width: 56px; height: 56px; border-radius: 50%;
  background: var(--accent); color: var(--on-accent); box-shadow: 0 2px 10px #0005;
}
.launcher svg { width: 28px; height: 28px; display: block; margin: auto; }
.badge {
  position: absolute; top: -4px; right: -4px; min-width: 22.4px; padding: 0 5.6px; border-radius: 11.2px;
  background: #c4271b; color: #fff; font-size: 12.8px; line-height: 22.4px; text-align: center;
}
.panel {
  display: flex; flex-direction: column; width: min(368px, calc(100vw - 32px)); height: min(544px, calc(100vh - 112px));
  margin-bottom: 12px; background: var(--back); border: 1px solid var(--line); border-radius: 14.4px; overflow: hidden;
  box-shadow: 0 6px 30px #0004;
}
header { display: flex; align-items: center; justify-content: space-between; gap: 8px; padding: 12px 16px; background: var(--accent); color: var(--on-accent); }
h2 { margin: 0; font-size: 16.8px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
header button { background: none; color: inherit; padding: 4px 8px; font-size: 19.2px; line-height: 1; }
header button:focus-visible { outline-color: currentColor; }
.log { flex: 1; overflow-y: auto; padding: 16px; display: flex; flex-direction: column; gap: 8px; }
.message { max-width: 85%; align-self: flex-start; }
.message .says { margin: 0; padding: 8px 12px; border-radius: 14.4px; background: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
.mine { align-self: flex-end; }
.mine .says { background: var(--accent); color: var(--on-accent); }
.message a { color: inherit; }
.message img { display: block; max-width: 100%; max-height: 224px; border-radius: 8px; }
.mark { display: block; font-size: 12px; color: var(--faint); text-align: right; }
.who { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.status { min-height: 24px; margin: 0; padding: 0 16px; font-size: 13.6px; color: var(--faint); }
form { display: flex; align-items: flex-end; gap: 8px; padding: 12px; border-top: 1px solid var(--line); }
textarea {
  flex: 1; min-width: 0; max-height: 128px; padding: 8px 9.6px; font: inherit; color: inherit; background: var(--back);
  border: 1px solid var(--faint); border-radius: 8px; resize: none;
}
form button { padding: 8px 12px; background: var(--accent); color: var(--on-accent); }
form .attach { background: var(--soft); color: var(--front); }
`;
