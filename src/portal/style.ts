// How the portal looks: one column, the system's fonts, four sizes, steps of 4 px, one colour of the organisation's, light and dark. Kept small: a phone
// in a waiting room loads it once.
import { shownOn } from './colour.ts';

const DARK_BACK = '#14181c';
/** Notes: the colour must show on them too. */
const DARK_RAISED = '#1e242a';

/** The style sheet of a brand. @param accent `#rrggbb` that shows on white */
export function styleSheet(accent: string): string {
  const colours = `:root{color-scheme:light dark;--text:#1b1f24;--soft:#4d5761;--back:#fff;--raised:#f3f5f7;--line:#818b95;--thin:#d5dade;--accent:${accent};--on-accent:#fff;--good:#1d6b3a;--bad:#a8201a;--bad-back:#fdf1f0}
@media (prefers-color-scheme:dark){:root{--text:#e8ebee;--soft:#b3bcc5;--back:${DARK_BACK};--raised:${DARK_RAISED};--line:#7b8792;--thin:#39424b;--accent:${shownOn(DARK_RAISED, accent)};--on-accent:#0d1216;--good:#7fd19b;--bad:#ff9d94;--bad-back:#2b1a19}}
`;
  return colours + REST;
}

const REST = `*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--back);color:var(--text);font:17px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;overflow-wrap:anywhere}
.page{max-width:42rem;margin:0 auto;padding:0 16px 32px}
.top{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:8px 16px;padding:12px 0;border-bottom:1px solid var(--thin)}
.who{display:flex;align-items:center;gap:12px;margin:0;font-weight:600;min-height:44px}
.who img{display:block;max-height:40px;max-width:140px}
.bar{display:flex;flex-wrap:wrap;gap:0 16px;margin:0 0 8px;padding:0;list-style:none}
h1{margin:24px 0 16px;font-size:26px;line-height:1.25;text-wrap:balance}
h2{margin:32px 0 8px;font-size:20px;line-height:1.3}
h3{margin:16px 0 4px;font-size:17px}
p,ul,dl,fieldset{margin:0 0 16px}
a{color:var(--accent);text-underline-offset:3px}
nav a,.act a,.lang a,summary{display:inline-flex;align-items:center;min-height:44px}
.link{display:inline-block;padding:9px 0}
.tel{white-space:nowrap;font-weight:600}
nav a[aria-current]{color:var(--text);font-weight:600;text-decoration:none}
.soft{color:var(--soft)}
.small{font-size:15px}
button,.button{display:inline-flex;align-items:center;justify-content:center;min-height:48px;padding:10px 20px;border:2px solid var(--accent);border-radius:8px;background:transparent;color:var(--accent);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.first{background:var(--accent);color:var(--on-accent)}
.quiet{min-height:44px;padding:8px 12px;border-color:transparent;text-decoration:underline;text-underline-offset:3px}
.top .quiet{border-color:var(--line);border-width:1px;text-decoration:none}
form{margin:0 0 16px}
.act{display:flex;flex-wrap:wrap;gap:8px 12px;margin:0 0 16px;padding:0;list-style:none}
@media (max-width:30rem){form>button,form>.button,.act .wide,.wide{width:100%}}
label,legend{display:block;padding:0;font-weight:600}
.hint{margin:0 0 4px;color:var(--soft);font-size:15px}
input,textarea,select{display:block;width:100%;min-height:48px;margin:4px 0 16px;padding:10px 12px;border:1px solid var(--line);border-radius:8px;background:var(--back);color:var(--text);font:inherit}
textarea{min-height:12rem;resize:vertical}
input[type=file]{padding:10px}
input[type=radio]{width:24px;min-height:24px;height:24px;margin:0 12px 0 0;flex:none;accent-color:var(--accent)}
.choice{display:flex;align-items:center;min-height:48px;font-weight:400}
.code{max-width:15rem;font-size:26px;letter-spacing:.08em;font-variant-numeric:tabular-nums}
fieldset{padding:0;border:0}
:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.wrong{margin:0 0 4px;color:var(--bad);font-weight:600}
[aria-invalid=true]{border:2px solid var(--bad)}
.note{margin:0 0 16px;padding:12px 16px;border-left:4px solid var(--accent);border-radius:4px;background:var(--raised)}
.note.bad{border-color:var(--bad);background:var(--bad-back)}
.note.good{border-color:var(--good)}
.note>:last-child{margin-bottom:0}
.note .button:not(.first){background:var(--back)}
.list{padding:0;list-style:none}
.list>li{padding:12px 0;border-top:1px solid var(--thin)}
.list>li:last-child{border-bottom:1px solid var(--thin)}
.line{display:flex;flex-wrap:wrap;align-items:center;justify-content:space-between;gap:4px 16px}
.line p{margin:0}
.mark{display:inline-block;padding:0 8px;border:1px solid var(--line);border-radius:999px;font-size:15px;font-weight:600}
.mark.new{border-color:var(--accent);background:var(--accent);color:var(--on-accent)}
.facts{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}
.facts dt{color:var(--soft)}
.facts dd{margin:0;min-width:0}
@media (max-width:22rem){.facts{display:block}.facts dd{margin:0 0 8px}}
.text{padding:16px 0;border-block:1px solid var(--thin)}
.text>:last-child{margin-bottom:0}
iframe,object{display:block;width:100%;border:1px solid var(--thin);border-radius:8px;background:#fff}
.s{height:16rem}.m{height:30rem}.l{height:48rem}
object{height:75vh;min-height:20rem}
.picture{display:block;max-width:100%;height:auto;border:1px solid var(--thin);background:#fff}
pre{margin:0 0 16px;padding:16px;border:1px solid var(--thin);border-radius:8px;font:15px/1.5 ui-monospace,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.qr{display:block;width:240px;max-width:100%;padding:12px;background:#fff}
.key{font:17px/1.6 ui-monospace,monospace;letter-spacing:.06em}
progress{width:100%;height:12px;accent-color:var(--accent)}
details{margin:0 0 16px}
summary{cursor:pointer;color:var(--accent);text-decoration:underline;text-underline-offset:3px}
dialog{max-width:26rem;width:calc(100% - 32px);padding:20px;border:1px solid var(--line);border-radius:12px;background:var(--back);color:var(--text)}
dialog::backdrop{background:rgb(0 0 0/.5)}
dialog h2{margin-top:0}
footer{margin-top:40px;padding-top:16px;border-top:1px solid var(--thin);color:var(--soft);font-size:15px}
footer p{margin-bottom:8px}
.lang{display:flex;flex-wrap:wrap;align-items:center;gap:0 16px}
.lang .now{color:var(--text);font-weight:600}
.skip{position:absolute;left:-100vw}
.skip:focus{position:static;display:inline-flex;min-height:44px;align-items:center}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[hidden]{display:none!important}
@media (forced-colors:active){.mark,.note,button,.button{border:1px solid}}
@media (prefers-reduced-motion:no-preference){.first{transition:filter .1s}.first:active{filter:brightness(.9)}}
@media print{:root{--text:#000;--soft:#333;--back:#fff}body{font-size:12pt}.top form,nav,.act,footer .lang,.ends,button,.button,.skip,form,.noprint,iframe{display:none!important}.page{max-width:none;padding:0}.text{border:0}}
`;
