/**
 * The entry of the page with curves: reads what the host gave it, and shows the state whenever it changes.
 */
import 'uplot/dist/uPlot.min.css';
import '../../components/page.css';
import '../../components/controls.css';
import './curves.css';
import './chart';
import { render } from 'lit';
import { MessageBus } from '../../components/messageBus';
import { pageStart } from '../../components/pageStart';
import { onThemeChange, readTheme } from '../../components/theme';
import { vsCode } from '../../components/vsCode';
import { curvesDoor, curvesStart } from '../messages';
import { Formats } from '../numbers/format';
import { curvesPage } from './curvesPage';
import { CurvesSession } from './session';

const { texts, language } = pageStart(curvesStart);
const host = vsCode();
const formats = new Formats(language);
let theme = readTheme();
let waiting = false;

const session = new CurvesSession(new MessageBus(host, curvesDoor, texts.misunderstood), host, show);

/** Shows the state, once for all that changes before the next frame. */
function show(): void {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    render(curvesPage({ texts, session, state: session.state }, theme, formats), document.body);
  });
}

onThemeChange(() => {
  theme = readTheme();
  show();
});
show();
void session.open();
