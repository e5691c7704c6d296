/** Lets sessions write profiles, whoever makes them. */
import path from 'node:path';
import { ort } from '../../models/runtime/session';

/** Lets every session that is made from now on write a profile, `session0…`, `session1…`. @returns ends the profiles */
export function profileSessions(folder: string): () => void {
  const sessions: ort.InferenceSession[] = [];
  const create = ort.InferenceSession.create.bind(ort.InferenceSession) as (
    model: Uint8Array,
    options: ort.InferenceSession.SessionOptions,
  ) => Promise<ort.InferenceSession>;
  const profiled: typeof create = async (model, options) => {
    const profileFilePrefix = path.join(folder, `session${sessions.length}`);
    const session = await create(model, { ...options, enableProfiling: true, profileFilePrefix });
    sessions.push(session);
    return session;
  };
  Object.assign(ort.InferenceSession, { create: profiled });
  return () => {
    Object.assign(ort.InferenceSession, { create });
    for (const session of sessions) session.endProfiling();
  };
}
