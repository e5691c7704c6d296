/** A machine's devices as lines to read and to choose from. */
import { l10n, QuickPickItemKind, type QuickPickItem } from 'vscode';
import type { DeviceTrial, InspectedMachine, Pace } from '../../models/engine/protocol';

export interface DeviceItem extends QuickPickItem {
  /** Where choosing it leads; a line that is only read leads nowhere. */
  readonly leadsTo?: 'verify' | 'report' | 'translation' | 'training';
}

export function purposeName(purpose: DeviceTrial['purpose']): string {
  return purpose === 'translation' ? l10n.t('translation') : l10n.t('training');
}

export function deviceItems(machine: InspectedMachine): DeviceItem[] {
  const { processor, cards, trials, settings, uses } = machine;
  const separator = (label: string): DeviceItem => ({ label, kind: QuickPickItemKind.Separator });
  const used = (purpose: DeviceTrial['purpose'], device: string): boolean => uses[purpose] === device;
  const uncertain = (text: string): string => (text === 'not tried out' ? l10n.t('not tried out') : text);
  return [
    separator(l10n.t('Chosen')),
    ...(['translation', 'training'] as const).map((purpose): DeviceItem => ({
      label:
        purpose === 'translation'
          ? l10n.t('$(globe) Translation: {0}', uncertain(uses.translation))
          : l10n.t('$(mortar-board) Training: {0}', uncertain(uses.training)),
      description: l10n.t('by the setting {0}', settings[purpose]),
      leadsTo: purpose,
    })),
    separator(l10n.t('Devices')),
    {
      label: l10n.t('$(chip) Processor'),
      description: l10n.t('{0}, {1} cores', processor.name, processor.cores),
    },
    ...trials.map((trial): DeviceItem => ({
      label: `${iconOf(trial, used(trial.purpose, trial.device))} ${l10n.t('{0}, {1}', trial.device, purposeName(trial.purpose))}`,
      description: verdictOf(trial),
      ...detailOf(trial),
      leadsTo: 'report',
    })),
    separator(l10n.t('Graphics cards that the system names')),
    ...(cards.length === 0
      ? [{ label: l10n.t('$(question) Unknown') }]
      : cards.map(({ name, memory, driver }) => ({
          label: `$(circuit-board) ${name}`,
          description: [
            memory === undefined
              ? l10n.t('memory unknown')
              : l10n.t('{0} GiB', (memory / 2 ** 30).toLocaleString(undefined, { maximumFractionDigits: 1 })),
            driver === undefined ? l10n.t('driver unknown') : l10n.t('driver {0}', driver),
          ].join(', '),
        }))),
    separator(l10n.t('More')),
    {
      label: l10n.t('$(beaker) Verify This Machine'),
      description: l10n.t('tries all devices out and writes a report'),
      leadsTo: 'verify',
    },
  ];
}

function iconOf({ verdict }: DeviceTrial, isUsed: boolean): string {
  if (isUsed) return '$(pass-filled)';
  switch (verdict?.outcome) {
    case undefined:
      return '$(circle-large-outline)';
    case 'right':
      return '$(pass)';
    case 'absent':
      return '$(circle-slash)';
    case 'wrong':
    case 'broken':
      return '$(error)';
  }
}

function verdictOf({ verdict, isSoftware, isQuicker }: DeviceTrial): string {
  switch (verdict?.outcome) {
    case undefined:
      return l10n.t('not tried out');
    case 'right':
      if (isSoftware) return l10n.t('right, but the processor playing a graphics card');
      if (isQuicker) return l10n.t('right, and quicker than the processor');
      return verdict.paces === undefined
        ? l10n.t('right; its speed has not been measured')
        : l10n.t('right, and not quicker than the processor');
    case 'absent':
      return l10n.t('there is none');
    case 'wrong':
      return l10n.t('computes other numbers than the processor');
    case 'broken':
      return l10n.t('could not be tried out');
  }
}

/** What was measured, beside the processor; or why it is not used. */
function detailOf({ verdict }: DeviceTrial): { detail?: string } {
  if (verdict === undefined) return {};
  const { sentence, adapter, paces = {} } = verdict;
  const { gigaflops, alone, batch, training } = paces;
  const beside = (pace: Pace | undefined, words: (device: string, processor: string) => string): string[] =>
    pace === undefined ? [] : [words(numeral(pace.device), numeral(pace.processor))];
  const parts = [
    ...(adapter === undefined ? [] : [adapter]),
    ...beside(gigaflops, (a, b) => l10n.t('{0} GFLOP/s (processor {1})', a, b)),
    ...beside(alone, (a, b) => l10n.t('one sentence: {0} tokens/s ({1})', a, b)),
    ...beside(batch, (a, b) => l10n.t('sixteen: {0} tokens/s ({1})', a, b)),
    ...beside(training, (a, b) => l10n.t('{0} tokens/s ({1})', a, b)),
    ...(sentence === undefined ? [] : [sentence]),
  ];
  return parts.length === 0 ? {} : { detail: parts.join(' · ') };
}

function numeral(value: number): string {
  return value.toLocaleString(
    undefined,
    value < 10 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 0 },
  );
}
