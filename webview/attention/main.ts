/**
 * The attention page's entry: reads what the host gave it, and shows the state whenever it changes.
 */
import '../components/page.css';
import '../components/controls.css';
import './attention.css';
import { render } from 'lit';
import { MessageBus } from '../components/messageBus';
import { pageStart } from '../components/pageStart';
import { onThemeChange } from '../components/theme';
import { vsCode } from '../components/vsCode';
import type { PageContext } from './context';
import { readLook } from './look';
import { attentionDoor, attentionStart } from './messages';
import { sameToken, type TokenRef } from './pieces';
import { AttentionSession } from './session';
import { pageView } from './views/page';

const { texts } = pageStart(attentionStart);
const host = vsCode();
let look = readLook();
let pointed: TokenRef | null = null;
let told: ReadonlyMap<number, string> = new Map();
let stops: ReadonlyMap<string, number> = new Map();
let notice = '';
let waiting = false;
let frame: number | undefined;

const session = new AttentionSession(
  new MessageBus(host, attentionDoor, texts.misunderstood),
  host,
  (weights) => {
    if (weights) showNextFrame();
    else show();
  },
);

/** Shows the state, once for all that changes in the same turn. */
function show(): void {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    const context: PageContext = {
      texts,
      state: session.state,
      session,
      look,
      pointed,
      point: (token) => {
        if (token === pointed || sameToken(token, pointed)) return;
        pointed = token;
        show();
      },
      told,
      tell: (slot, text) => {
        told = new Map(told).set(slot, text);
        show();
      },
      stops,
      stopAt: (row, place) => {
        if (stops.get(row) === place) return;
        stops = new Map(stops).set(row, place);
        show();
      },
      notice,
      say: (said) => {
        notice = said;
        show();
      },
      showAgain: showNextFrame,
    };
    render(pageView(context), document.body);
  });
}

/** Once for all that comes until the next frame: the weights of a sentence are a message a layer. */
function showNextFrame(): void {
  frame ??= requestAnimationFrame(() => {
    frame = undefined;
    show();
  });
}

onThemeChange(() => {
  look = readLook();
  show();
});
show();
void session.start();
