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
import { FocusWish } from './focusWish';
import { readLook } from './look';
import { attentionDoor, attentionStart } from './messages';
import { Pointing } from './pointing';
import { AttentionSession } from './session';
import { pageView } from './views/page';

const { texts } = pageStart(attentionStart);
const host = vsCode();
let look = readLook();
const pointing = new Pointing();
const focus = new FocusWish({
  find: (selector) => document.querySelector<HTMLElement>(selector),
  focused: () => document.activeElement,
});
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
    pointing.keepTo(session.state.slots);
    const context: PageContext = {
      texts,
      state: session.state,
      session,
      look,
      pointed: pointing.token,
      point: (token) => {
        if (pointing.point(token)) show();
      },
      told: pointing.told,
      tell: (slot, text) => {
        pointing.tell(slot, text);
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
      focusOn: (...places) => {
        focus.wish(...places);
        show();
      },
      showAgain: showNextFrame,
    };
    render(pageView(context), document.body);
    focus.grant();
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
