/** The session of the page with curves: what is seen of which runs, and the averages of what is there. */
import { expect, it } from 'vitest';
import { MessageBus } from '../../../webview/components/messageBus';
import { CurvesSession } from '../../../webview/training/curves/session';
import { curvesDoor } from '../../../webview/training/messages';
import { PlayedHost } from './playedHost';
import { historyPart, someRun } from './toldRuns';

const [older, newer] = ['older', 'newer'].map((id) => ({ ...someRun, id }));

/** A page that shows the newest run. */
async function opened(): Promise<{ host: PlayedHost; session: CurvesSession }> {
  const host = new PlayedHost();
  const bus = new MessageBus(host, curvesDoor, 'That was not understood.');
  const session = new CurvesSession(bus, host, () => undefined);
  void session.open();
  await host.reply('open', { runs: [older!], shown: null });
  return { host, session };
}

it('the stretch that is seen is one of the runs that are shown: of another one all is seen', async () => {
  const { host, session } = await opened();
  session.zoom([5000, 6000]);
  session.point(5500, false);
  await host.tell('runs', [{ ...older!, step: 7000 }]);
  expect(session.state).toMatchObject({ range: [5000, 6000], cursor: 5500 });
  await host.tell('runs', [newer!, older!]);
  expect(session.state).toMatchObject({ range: null, cursor: null });
});

it('averages are of the curve that is there, also when one of the same run was there before', async () => {
  const { session } = await opened();
  const { histories } = session;
  histories.take(historyPart(0, 100));
  const before = histories.get('a')!;
  const averages = session.smoothedOf(before, 'loss');
  averages.of(before.steps.columns.loss, 100);
  expect(session.smoothedOf(before, 'loss')).toBe(averages);
  expect(session.smoothedOf(before, 'perplexity')).not.toBe(averages);
  histories.keepOnly([]);
  histories.take(historyPart(0, 50));
  expect(session.smoothedOf(histories.get('a')!, 'loss')).not.toBe(averages);
  // A history that begins anew has other values in the same columns.
  histories.take(historyPart(0, 40));
  const anew = session.smoothedOf(histories.get('a')!, 'loss');
  histories.take(historyPart(0, 40));
  expect(session.smoothedOf(histories.get('a')!, 'loss')).not.toBe(anew);
  session.choose({ smoothing: 0.5 });
  expect(session.smoothedOf(histories.get('a')!, 'loss').weight).toBe(0.5);
});
