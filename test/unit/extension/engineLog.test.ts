import { beforeEach, describe, expect, it } from 'vitest';
import { forwardLogLine, type EngineLog } from '../../../extension/engine/engineLog';
import { collectLog } from './collectLog';

describe('the engine’s log lines', () => {
  let log: EngineLog;
  let written: string[];
  beforeEach(() => {
    ({ log, lines: written } = collectLog());
  });

  it('are written at their own level, with their details', () => {
    forwardLogLine(log, '{"level":"info","message":"Loaded.","milliseconds":12}', true);
    forwardLogLine(log, '{"level":"error","message":"Broken.","stack":"Error\\n    at x"}', true);
    expect(written).toEqual([
      'info engine: Loaded. {"milliseconds":12}',
      'error engine: Broken.\nError\n    at x',
    ]);
  });

  it.each(['Killed', '{"level":"loud","message":"x"}', '{"level":"info"}', '{"level":', '{}'])(
    'of another’s making, such as %s, are errors while the engine starts and hidden later',
    (line) => {
      forwardLogLine(log, line, false);
      forwardLogLine(log, line, true);
      expect(written).toEqual([`error engine: ${line}`, `debug engine: ${line}`]);
    },
  );

  it('that are empty are dropped', () => {
    forwardLogLine(log, '', false);
    expect(written).toEqual([]);
  });
});
