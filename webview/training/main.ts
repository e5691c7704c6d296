/**
 * The entry of the sidebar's view: reads what the host gave it, and shows the state whenever it changes.
 */
import '../components/page.css';
import '../components/controls.css';
import './sidebar/sidebar.css';
import './sidebar/miniCurve';
import { render } from 'lit';
import { MessageBus } from '../components/messageBus';
import { pageStart } from '../components/pageStart';
import { vsCode } from '../components/vsCode';
import { sidebarDoor, sidebarStart } from './messages';
import { Formats } from './numbers/format';
import { SidebarSession } from './sidebar/session';
import { sidebarPage } from './sidebar/sidebarPage';

const { texts, language } = pageStart(sidebarStart);
const host = vsCode();
const formats = new Formats(language);
let waiting = false;
let shownFailure: string | null = null;

const session = new SidebarSession(new MessageBus(host, sidebarDoor, texts.misunderstood), host, show);

/** Shows the state, once for all that changes in the same turn. */
function show(): void {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    const { failure } = session.state;
    render(sidebarPage({ texts, session, state: session.state }, formats), document.body);
    // It stands at the top, and the button that failed may be far below.
    if (failure !== null && failure !== shownFailure) window.scrollTo({ top: 0 });
    shownFailure = failure;
  });
}

show();
void session.open();
