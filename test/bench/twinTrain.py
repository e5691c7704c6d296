"""Goes on with a training run of Polyhead in PyTorch: the same batches, schedule and optimiser, on a CPU or with CUDA.

    python3 twinTrain.py --run runs/mine --minutes 60
    polyhead train --output runs/mine --resume

The run is begun by `polyhead train … --steps 1`; its settings (run.json), its encoded corpus and its newest
checkpoint are all that is read, and what is written is a checkpoint and lines of metrics.jsonl, as Polyhead itself
writes them. Dropout is PyTorch's own: with dropout the steps are not Polyhead's, but as good. Ctrl+C saves and ends.
"""
import argparse
import concurrent.futures
import contextlib
import math
import multiprocessing
import os
import signal
import sys
import time

sys.dont_write_bytecode = True

import torch  # noqa: E402

from twin import NO_DROPOUT, Twin, parameter_shapes  # noqa: E402
from twinBatches import PADDING, Store, plan_epoch, plan_of_run  # noqa: E402
from twinRun import Lock, Metrics, newest_checkpoint, read_best, read_settings, say, write_checkpoint  # noqa: E402

BETAS, EPSILON = (0.9, 0.98), 1e-9
# Planning an epoch of so many pairs takes a tenth of a second: less than starting a process for it.
FEW_PAIRS = 50_000


def learning_rate(step, settings, cooldown=None, seconds=0):
    """5.3, as models/training/optimiser.ts. cooldown: (steps in all, last ones), to nothing in a straight line."""
    warmup = settings['warmupSteps']
    rate = settings['peakLearningRate'] * min(step / warmup, math.sqrt(warmup / step))
    if cooldown is None:
        return rate
    return rate * min(1, max(0, cooldown[0] - step + 1) / cooldown[1])


def seed_of(seed, step, part):
    return (seed * 0x9e3779b1 + part * 0x6a09e667 + step) & 0xffffffff


def perplexity_of(likelihood):
    """Of a mean negative log likelihood; infinite where no number is as large."""
    try:
        return math.exp(likelihood)
    except OverflowError:
        return math.inf


def dropout_of(settings):
    return {'residual': settings['dropout'], 'attention': settings['attentionDropout'],
            'feedForward': settings['feedForwardDropout']}


class Batches:
    """Batches of the training pairs without end. Of a large corpus the next epoch is planned by another process."""

    def __init__(self, folder, settings, epoch, batch, device):
        self.store = Store(folder, 'training')
        self.arguments = (settings['weights'], settings['batchTokens'], settings['seed'])
        self.folder, self.device = folder, device
        self.epoch, self.position = epoch, batch
        self.plan = self.plan_here(epoch)
        self.pool = self.following = None

    def plan_here(self, epoch):
        weights, tokens, seed = self.arguments
        return plan_epoch(self.store, self.store.parts(weights), tokens, seed, epoch)

    def next(self):
        """(epoch, position, tensors of the batch)"""
        if self.position >= len(self.plan):
            self.epoch, self.position = self.epoch + 1, 0
            self.plan = self.following.result() if self.following else self.plan_here(self.epoch)
            self.following = None
        if self.store.size > FEW_PAIRS and self.following is None and self.position >= len(self.plan) // 2:
            self.pool = self.pool or concurrent.futures.ProcessPoolExecutor(1, multiprocessing.get_context('spawn'))
            self.following = self.pool.submit(plan_of_run, self.folder, *self.arguments, self.epoch + 1)
        place = (self.epoch, self.position)
        self.position += 1
        return (*place, to_tensors(self.store.batch(self.plan[place[1]]), self.device))

    def close(self):
        if self.pool:
            self.pool.shutdown(cancel_futures=True)


class Batch:
    """Tensors; how many labels and how many positions there are, and how many of these hold a token."""

    def __init__(self, source, target, labels, rows, filled, positions):
        self.source, self.target, self.labels, self.rows = source, target, labels, rows
        self.tokens, self.filled, self.positions = len(rows), filled, positions


def to_tensors(batch, device):
    source, target, labels, rows = batch
    positions = len(source) * (len(source[0]) + len(target[0]))
    filled = sum(len(row) - row.count(PADDING) for row in source) + len(rows)
    return Batch(*(torch.tensor(part).to(device, non_blocking=True) for part in batch), filled, positions)


class Trainer:
    """Weights, moments and the update.

    drop_padding: whether only rows that are no padding are projected; likelihood: whether it is computed beside
    the loss.
    """

    def __init__(self, config, weights, settings, device='cpu', precision='float32', drop_padding=True,
                 likelihood=True):
        self.parameters = {name: weights[name].clone().to(device).requires_grad_() for name in parameter_shapes(config)}
        self.twin = Twin(config, self.parameters, dropout_of(settings))
        self.plain = Twin(config, self.parameters, NO_DROPOUT)
        self.settings, self.device, self.drop_padding, self.likelihood = settings, device, drop_padding, likelihood
        self.adam = torch.optim.Adam(self.parameters.values(), lr=1, betas=BETAS, eps=EPSILON)
        self.autocast = contextlib.nullcontext
        if precision == 'bfloat16':
            self.autocast = lambda: torch.autocast(torch.device(device).type, torch.bfloat16)

    def set_moments(self, first, second, step):
        for name, parameter in self.parameters.items():
            self.adam.state[parameter] = {'step': torch.tensor(float(step)),
                                          'exp_avg': first[name].clone().to(self.device),
                                          'exp_avg_sq': second[name].clone().to(self.device)}

    def moments(self):
        """First and second, by name."""
        return [{name: self.adam.state[parameter][key].cpu() for name, parameter in self.parameters.items()}
                for key in ('exp_avg', 'exp_avg_sq')]

    def weights(self):
        return {name: parameter.detach().cpu() for name, parameter in self.parameters.items()}

    def loss(self, twin, batch):
        rows = batch.rows if self.drop_padding else None
        with self.autocast():
            if twin is self.twin and self.settings['rDrop'] > 0:
                return twin.loss_of_two(batch.source, batch.target, batch.labels, self.settings['labelSmoothing'],
                                        self.settings['rDrop'], rows, self.likelihood)
            return twin.loss(batch.source, batch.target, batch.labels, self.settings['labelSmoothing'], rows,
                             self.likelihood)

    def step(self, parts, step, rate):
        """One update from all parts: sums of loss and negative log likelihood, and the norm; tensors without axes."""
        tokens = sum(part.tokens for part in parts)
        self.adam.zero_grad(set_to_none=True)
        loss = likelihood = 0
        for index, part in enumerate(parts):
            torch.manual_seed(seed_of(self.settings['seed'], step, index))
            smoothed, negative = self.loss(self.twin, part)
            (smoothed / tokens).backward()
            loss, likelihood = loss + smoothed.detach(), likelihood + negative if self.likelihood else None
        clip = self.settings['clipNorm']
        norm = torch.nn.utils.clip_grad_norm_(self.parameters.values(), clip if clip > 0 else math.inf)
        self.adam.param_groups[0]['lr'] = rate
        self.adam.step()
        return loss, likelihood, norm

    def validate(self, store, tokens):
        """Mean smoothed loss and perplexity a target token, without dropout."""
        loss = likelihood = count = 0
        with torch.no_grad():
            for pairs in plan_epoch(store, [(store.size, 1)], tokens, 0, 0):
                batch = to_tensors(store.batch(pairs), self.device)
                smoothed, negative = self.loss(self.plain, batch)
                loss, likelihood, count = loss + smoothed.item(), likelihood + negative.item(), count + batch.tokens
        return loss / count, perplexity_of(likelihood / count)


def flops_per_target_token(config, training, passes):
    """As models/training/metrics/flops.ts."""
    source, target = (training[side] / training['pairs'] + 1 for side in ('sourceTokens', 'targetTokens'))
    d, heads, dk, dv = (config[key] for key in ('dModel', 'heads', 'dKey', 'dValue'))
    queries, memory, output = d * heads * dk, d * heads * (dk + dv), heads * dv * d

    def attention(keys):
        return keys * heads * (dk + dv)

    feed_forward = 2 * d * config['dFf']
    encoder = source * (queries + memory + attention(source) + output + feed_forward)
    decoder = (target * (2 * queries + memory + attention(target) + attention(source) + 2 * output + feed_forward)
               + source * memory)
    products = config['encoderLayers'] * encoder + config['decoderLayers'] * decoder
    return 6 * passes * (products + target * d * config['vocabularySize']) / target


class Leg:
    """Steps, validations and checkpoints from where the run stands, until it is over."""

    def __init__(self, options, lock):
        self.options, self.run, self.lock = options, options.run, lock
        self.settings = read_settings(self.run)
        self.checkpoint = newest_checkpoint(self.run)
        self.progress = dict(self.checkpoint.progress)
        config = self.checkpoint.config['transformer']
        self.trainer = Trainer(config, self.checkpoint.weights, self.settings, options.device, options.precision)
        self.trainer.set_moments(self.checkpoint.first, self.checkpoint.second, self.progress['step'])
        folder = os.path.join(self.run, 'corpus')
        self.batches = Batches(folder, self.settings, self.progress['epoch'], self.progress['batch'], options.device)
        self.validation = Store(folder, 'validation')
        training = self.batches.store.header['training']
        self.metrics = Metrics(self.run, self.progress['step'], {
            'parameters': sum(weight.numel() for weight in self.checkpoint.weights.values()),
            'trainingPairs': training['pairs'],
            'validationPairs': self.validation.size,
            'flopsPerTargetToken': flops_per_target_token(config, training, 2 if self.settings['rDrop'] > 0 else 1),
            'trainer': f'PyTorch {torch.__version__} on {options.device} in {options.precision}',
        })
        self.saved = self.progress['step']
        self.stopped = False
        self.begun = time.monotonic()

    def train(self):
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, self.stop)
        try:
            parts = self.next_parts()
            while not self.is_over():
                parts = self.step(parts)
                step = self.progress['step']
                is_over = self.is_over()
                is_validated = is_over or step % (self.options.validate_every or self.options.checkpoint_every) == 0
                is_best = is_validated and self.validate()
                # Once more: it may have ended while it validated.
                in_turn = step % self.options.checkpoint_every == 0 or self.is_over()
                if in_turn or is_best:
                    self.save(not in_turn)
            if self.progress['step'] > self.saved:
                self.save(False)
        finally:
            self.batches.close()

    def stop(self, *_):
        say('Stopping after this step; the checkpoint is being written.')
        self.stopped = True

    def is_over(self):
        minutes = self.options.minutes
        return (self.stopped or self.options.steps is not None and self.progress['step'] >= self.options.steps
                or minutes is not None and time.monotonic() - self.begun >= 60 * minutes)

    def next_parts(self):
        return [self.batches.next() for _ in range(self.settings['accumulate'])]

    def step(self, fed):
        """Takes one step and returns the batches of the next, which are made while the device computes."""
        begun = time.monotonic()
        step = self.progress['step'] + 1
        cooldown = (self.options.steps, self.options.cooldown_steps) if self.options.cooldown_steps else None
        rate = learning_rate(step, self.settings, cooldown)
        parts = [batch for *_, batch in fed]
        loss, likelihood, norm = self.trainer.step(parts, step, rate)
        following = self.next_parts()
        loss, likelihood, norm = loss.item(), likelihood.item(), norm.item()
        if not (math.isfinite(loss) and math.isfinite(norm)):
            raise SystemExit(f'Step {step} gave a loss or gradients that are not finite numbers. The newest '
                             f'checkpoint is sound; lower “peakLearningRate” in {self.run}/run.json.')
        seconds = time.monotonic() - begun
        tokens = sum(part.tokens for part in parts)
        epoch, position = fed[-1][:2]
        self.progress.update(step=step, epoch=epoch, batch=position + 1,
                             targetTokens=self.progress['targetTokens'] + tokens,
                             seconds=round(self.progress['seconds'] + seconds, 3))
        line = {'step': step, 'epoch': epoch + 1,
                'loss': loss / tokens, 'perplexity': perplexity_of(likelihood / tokens),
                'learningRate': rate, 'targetTokensPerSecond': tokens / seconds,
                'paddingShare': 1 - sum(part.filled for part in parts) / sum(part.positions for part in parts),
                'gradientNorm': norm,
                'targetTokens': self.progress['targetTokens'], 'seconds': self.progress['seconds']}
        self.metrics.step(line)
        self.lock.touch()
        if step % self.options.print_every == 0:
            say(f'step {step}, epoch {epoch + 1}: loss {line["loss"]:.3f}, perplexity {line["perplexity"]:.2f}, '
                f'{tokens / seconds:.0f} target tokens a second')
        return following

    def validate(self):
        """Whether these are the best weights so far; where BLEU decides that, we cannot tell."""
        loss, perplexity = self.trainer.validate(self.validation, self.settings['batchTokens'])
        if not math.isfinite(loss):
            raise SystemExit(f'The weights after step {self.progress["step"]} are spoilt. The newest checkpoint is '
                             f'sound; lower “peakLearningRate” in {self.run}/run.json.')
        self.metrics.validation(self.progress['step'], loss, perplexity)
        say(f'validation after step {self.progress["step"]}: loss {loss:.4f}, perplexity {perplexity:.3f}')
        best = read_best(self.run)
        losses = [line['loss'] for line in self.metrics.validations[:-1] if line['loss'] is not None]
        return (best is None or best['measure'] == 'loss') and all(loss < before for before in losses)

    def save(self, out_of_turn):
        self.metrics.flush()
        folder = write_checkpoint(self.run, self.checkpoint, self.progress, self.trainer.weights(),
                                  self.trainer.moments(), self.options.keep_checkpoints, self.metrics.validations,
                                  out_of_turn)
        self.saved = self.progress['step']
        say(f'saved {folder}')


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--run', required=True, help='the folder of the run')
    parser.add_argument('--steps', type=int, help='updates in all at which the run ends')
    parser.add_argument('--minutes', type=float, help='ends this leg after so many')
    parser.add_argument('--cooldown-steps', type=int, help='of --steps, the last ones, over which the rate falls to 0')
    parser.add_argument('--checkpoint-every', type=int, default=500)
    parser.add_argument('--keep-checkpoints', type=int, default=5)
    parser.add_argument('--validate-every', type=int, help='default: as --checkpoint-every')
    parser.add_argument('--device', default='auto', help='cpu, cuda, cuda:1 …; auto: cuda where there is one')
    parser.add_argument('--precision', default='auto', choices=('auto', 'float32', 'bfloat16'),
                        help='auto: bfloat16 with CUDA, where the device has it; weights and moments are float32')
    parser.add_argument('--threads', type=int, help='on the CPU; default: as PyTorch likes')
    parser.add_argument('--print-every', type=int, default=50)
    options = parser.parse_args()
    if options.cooldown_steps is not None and options.steps is None:
        raise SystemExit('--cooldown-steps counts back from the end: give --steps too.')
    if options.device == 'auto':
        options.device = 'cuda' if torch.cuda.is_available() else 'cpu'
    is_cuda = options.device.startswith('cuda')
    if options.precision == 'auto':
        options.precision = 'bfloat16' if is_cuda and torch.cuda.is_bf16_supported() else 'float32'
    if options.threads is not None:
        torch.set_num_threads(options.threads)
    return options


def main():
    options = parse_arguments()
    lock = Lock(options.run)
    try:
        Leg(options, lock).train()
    finally:
        lock.release()


if __name__ == '__main__':
    main()
