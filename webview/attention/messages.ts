/**
 * The door between the attention page and its host: every request with its parameters and reply, every event, and
 * what the page is given when it starts. Both sides check what they get.
 */
import * as v from 'valibot';
import type { Door } from '../components/messages';

export const attentionDoor = {
  requests: {},
  events: {},
} as const satisfies Door;

export const attentionStart = v.object({ strings: v.object({ title: v.string() }) });
