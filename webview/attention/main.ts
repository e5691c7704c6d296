/**
 * The attention page's entry.
 */
import '../components/page.css';
import { html, render } from 'lit';
import { MessageBus, vsCode } from '../components/messageBus';
import { pageStart } from '../components/pageStart';
import { attentionDoor, attentionStart } from './messages';

const { strings } = pageStart(attentionStart);
new MessageBus(vsCode(), attentionDoor, strings.title);
render(html`<h1>${strings.title}</h1>`, document.body);
