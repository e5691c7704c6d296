/** The handler of `inspectDevices`: what is known of this machine's devices, or is found out now. */
import type { Devices } from '../devices/devices';
import { describeMachine, reportOf } from '../devices/report';
import type { EngineHandlers, ParametersOf, ReplyOf } from './protocol';

/** @param manifest Polyhead's package.json */
export async function inspectDevices(
  { tryOut, settings }: ParametersOf<'inspectDevices'>,
  { signal, report }: Parameters<EngineHandlers['inspectDevices']>[1],
  devices: Devices,
  manifest: string,
): Promise<ReplyOf<'inspectDevices'>> {
  if (tryOut) await devices.tryOutAll(report, signal);
  signal.throwIfAborted();
  const machine = await describeMachine(devices, settings, manifest);
  const { processor, cards, trials, settings: chosen, uses } = machine;
  return {
    machine: { processor, cards: [...cards], trials: [...trials], settings: chosen, uses },
    report: reportOf(machine),
  };
}
