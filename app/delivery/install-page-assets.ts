/** The install page's only stylesheet, inline so that the page fetches nothing. Contrast is at least 4.5:1. */
export const installPageStyles = `
:root { color-scheme: light dark; }
body { margin: 0; background: #f2f4f6; }
.install {
  --ink: #1c2229; --quiet: #55606c; --card: #fff; --line: #dfe3e8; --field: #f2f4f6; --strong: #14181d;
  --on-strong: #fff; --notice: #fff8e1; --notice-line: #e8d48a; --good: #0b6b3a; --bad: #a32020; --focus: #0b57d0;
  box-sizing: border-box; max-width: 37.5rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', 'Hiragino Sans', 'Yu Gothic', Meiryo, 'Noto Sans JP', Roboto,
    Arial, sans-serif;
  overflow-wrap: anywhere; word-break: auto-phrase;
}
@media (prefers-color-scheme: dark) {
  body { background: #111418; }
  .install {
    --ink: #f1f3f5; --quiet: #b3bcc6; --card: #1d2228; --line: #3a424c; --field: #111418; --strong: #f1f3f5;
    --on-strong: #14181d; --notice: #33290f; --notice-line: #6b5518; --good: #6ddc9c; --bad: #ff9b93; --focus: #8ab8ff;
  }
}
.install *, .install *::before { box-sizing: border-box; }
.install [hidden] { display: none !important; }
.install h1 { margin: 0 0 1rem; font-size: 1.75rem; line-height: 1.25; }
.install h2 { margin: 0 0 .25rem; font-size: 1.25rem; line-height: 1.35; }
.install h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
.install p { margin: 0 0 .75rem; }
.install ul, .install ol { margin: .5rem 0 0; padding-left: 1.4rem; }
.install li { margin-bottom: .5rem; }
.install .quiet { color: var(--quiet); font-size: .9rem; }
.install .card {
  margin: 0 0 1rem; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
}
.install .card > :last-child { margin-bottom: 0; }
.install .notice { background: var(--notice); border-color: var(--notice-line); }
.install .offer { font-weight: 600; }
.install .state { font-weight: 600; margin-bottom: .25rem; }
.install .state.ready { color: var(--good); }
.install .state.bad { color: var(--bad); }
.install .main, .install .other {
  display: block; width: 100%; min-height: 3.25rem; margin: 0 0 .75rem; padding: .85rem 1rem;
  border: 2px solid var(--strong); border-radius: .6rem; font: inherit; font-weight: 600; text-align: center;
  text-decoration: none; cursor: pointer;
}
.install .main { background: var(--strong); color: var(--on-strong); }
.install .other { background: transparent; color: var(--ink); }
.install .buttons .quiet { text-align: center; }
.install :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
.install figure { margin: 1rem 0; text-align: center; }
.install .qr { width: min(100%, 17rem); margin: 0 auto .5rem; background: #fff; border-radius: .5rem; overflow: hidden; }
.install .qr svg { display: block; width: 100%; height: auto; }
.install dl { margin: 0; }
.install .field { margin-bottom: .75rem; }
.install dt { color: var(--quiet); font-size: .9rem; margin-bottom: .25rem; }
.install dd { display: flex; gap: .5rem; margin: 0; }
.install code {
  flex: 1; padding: .6rem .75rem; background: var(--field); border: 1px solid var(--line); border-radius: .5rem;
  font: .95rem/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; word-break: break-all;
  -webkit-user-select: all; user-select: all;
}
.install dd button {
  min-width: 5rem; min-height: 2.75rem; padding: .5rem .75rem; background: transparent; color: var(--ink);
  border: 1px solid var(--quiet); border-radius: .5rem; font: inherit; font-size: .9rem; white-space: nowrap;
  cursor: pointer;
}
@media (max-width: 23rem) { .install dd { flex-direction: column; } }
.install details { border-top: 1px solid var(--line); }
.install summary { padding: .85rem 0; font-weight: 600; cursor: pointer; }
.install details ol { margin: 0 0 .75rem; }
.install .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;

/**
 * Adds the copy buttons where scripts run. Where copying is not allowed (an app's web view, plain http) the code is
 * selected instead, so that the phone's own menu can copy it.
 */
export const installPageScript = `
for (const button of document.querySelectorAll('button[data-copy]')) {
  const code = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      return;
    }
    button.textContent = button.dataset.copied;
    document.getElementById('copy-status').textContent = button.dataset.copied;
    setTimeout(() => {
      button.textContent = label;
      document.getElementById('copy-status').textContent = '';
    }, 2000);
  });
}
`;
