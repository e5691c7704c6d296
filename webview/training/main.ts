/**
 * The entry of the sidebar's view: reads what the host gave it, and shows the state whenever it changes.
 */
import '../components/page.css';
import '../components/controls.css';
import './sidebar/sidebar.css';
import './sidebar/miniCurve';
import { render } from 'lit';
import { MessageBus, vsCode } from '../components/messageBus';
import { pageStart } from '../components/pageStart';
import { sidebarDoor, sidebarStart } from './messages';
import { Formats } from './numbers/format';
import { SidebarSession } from './sidebar/session';
import { sidebarPage } from './sidebar/sidebarPage';

const { texts, language } = pageStart(sidebarStart);
const host = vsCode();
const formats = new Formats(language);
let waiting = false;

const session = new SidebarSession(new MessageBus(host, sidebarDoor, texts.misunderstood), host, show);

/** Shows the state, once for all that changes in the same turn. */
function show(): void {
  if (waiting) return;
  waiting = true;
  queueMicrotask(() => {
    waiting = false;
    render(sidebarPage({ texts, session, state: session.state }, formats), document.body);
  });
}

show();
void session.open();
