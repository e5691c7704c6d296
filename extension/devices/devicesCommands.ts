/** “Polyhead: Show Compute Devices” and “Polyhead: Verify This Machine”: what computes here, and whether it computes rightly. */
import { commands, env, l10n, ProgressLocation, Uri, window, workspace } from 'vscode';
import type { ReplyOf } from '../../models/engine/protocol';
import { readConfig, registerCommand, runCommand } from '../contributions';
import { DisposableStore, type Disposable } from '../disposable';
import type { EngineLog } from '../engine/engineLog';
import type { Engines } from '../engine/engines';
import { inform, openSettings, tellFailure } from '../notices';
import { inPercent, withPatientProgress } from '../progress';
import { deviceItems, purposeName, type DeviceItem } from './deviceItems';
import { MachineReport, reportUri } from './machineReport';

export interface DevicesServices {
  readonly engines: Engines;
  readonly log: EngineLog;
}

type Inspected = ReplyOf<'inspectDevices'>;

export class DevicesRoom implements Disposable {
  readonly #services: DevicesServices;
  readonly #store = new DisposableStore();
  readonly #report: MachineReport;

  constructor(services: DevicesServices) {
    this.#services = services;
    this.#report = this.#store.add(new MachineReport(async () => (await this.#inspect()).report));
    this.#store.add(registerCommand(commands, 'polyhead.showDevices', () => this.#told(this.#show())));
    this.#store.add(registerCommand(commands, 'polyhead.verifyMachine', () => this.#told(this.#verify())));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #told(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => tellFailure(error, this.#services.log));
  }

  /** What is known; nothing is tried out. */
  #inspect(): Promise<Inspected> {
    const parameters = { tryOut: false, settings: chosen() };
    return withPatientProgress(l10n.t('Looking at this machine'), inPercent, (signal) =>
      this.#services.engines.inspectDevices(parameters, { signal }),
    );
  }

  async #show(): Promise<void> {
    const { machine } = await this.#inspect();
    const picked = await window.showQuickPick(deviceItems(machine), {
      title: l10n.t('Compute Devices'),
      placeHolder: l10n.t('What translates and trains on this machine'),
      matchOnDescription: true,
      matchOnDetail: true,
    });
    await this.#follow(picked);
  }

  async #follow(item: DeviceItem | undefined): Promise<void> {
    switch (item?.leadsTo) {
      case 'verify':
        await runCommand(commands, 'polyhead.verifyMachine');
        break;
      case 'report':
        await this.#open();
        break;
      case 'translation':
      case 'training':
        await openSettings(`polyhead.${item.leadsTo}Device`).run();
        break;
      case undefined:
        break;
    }
  }

  async #verify(): Promise<void> {
    const options = {
      location: ProgressLocation.Notification,
      title: l10n.t('Verifying this machine'),
      cancellable: true,
    };
    const { report } = await window.withProgress(options, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return this.#services.engines.inspectDevices(
        { tryOut: true, settings: chosen() },
        {
          signal: controller.signal,
          onProgress: ({ device, purpose, done, total }) =>
            progress.report({
              message: l10n.t('{0}, {1} ({2} of {3})', device, purposeName(purpose), done + 1, total),
              increment: done === 0 ? 0 : 100 / total,
            }),
        },
      );
    });
    this.#report.set(report);
    await this.#open();
    inform(l10n.t('The report holds nothing about you. It can be posted as it is.'), {
      title: l10n.t('Copy Report'),
      run: () => env.clipboard.writeText(report),
    });
  }

  async #open(): Promise<void> {
    await window.showTextDocument(await workspace.openTextDocument(Uri.parse(reportUri)), { preview: false });
  }
}

function chosen(): Inspected['machine']['settings'] {
  return {
    translation: readConfig(workspace, 'polyhead.translationDevice'),
    training: readConfig(workspace, 'polyhead.trainingDevice'),
  };
}
