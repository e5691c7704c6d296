"""PyTorch's side of the bench for a graphics card: the same products and the same batches as ours, in float32 and in
bfloat16. A line of JSON for each thing measured, as part.ts prints them.

float32 is true float32, PyTorch's default: tensor cores that round to 19 bits are not asked for. bfloat16 is automatic
mixed precision: weights and moments stay float32. What it takes, training drops padded rows as ours does.
"""
import argparse
import json
import statistics
import sys
import time

sys.dont_write_bytecode = True

try:
    import torch
except ImportError:
    print('it has no PyTorch.')
    sys.exit(1)

STARTED = time.monotonic()
PRECISIONS = ('float32', 'bfloat16')
WARM_UPS = 3


def report(key, **value):
    print(json.dumps({'key': key, **value}), flush=True)


def digits(value):
    return float(f'{value:.3g}')


class Clock:
    def __init__(self, seconds):
        self.end = STARTED + seconds

    def left(self):
        return self.end - time.monotonic()


def synchronise(device):
    if device == 'cuda':
        torch.cuda.synchronize()


def is_out_of_memory(error):
    return 'out of memory' in str(error).lower()


def products(shapes, device, clock):
    todo = [(shape, precision) for shape in shapes for precision in PRECISIONS]
    for index, ((rows, inner, columns), precision) in enumerate(todo):
        if clock.left() <= 0:
            return report('end', complete=False)
        kind = getattr(torch, precision)
        a, b = torch.rand(rows, inner, device=device).to(kind), torch.rand(inner, columns, device=device).to(kind)

        def seconds_of(count):
            synchronise(device)
            begun = time.perf_counter()
            for _ in range(count):
                a @ b
            synchronise(device)
            return time.perf_counter() - begun

        seconds_of(2)
        once = seconds_of(1)
        share = min(3, max(0, clock.left()) / (len(todo) - index))
        count = max(1, min(500, int(share / 3 / once)))
        seconds = min(seconds_of(count) / count for _ in range(3))
        report(f'{rows} {inner} {columns} {precision}', rows=rows, inner=inner, columns=columns, precision=precision,
               milliseconds=digits(1000 * seconds), teraflops=digits(2 * rows * inner * columns / seconds / 1e12))
    report('end', complete=True)


def training(file, device, clock):
    from twin import parameter_shapes
    from twinTrain import Batch, Trainer

    with open(file, encoding='utf-8') as opened:
        task = json.load(opened)
    config = task['config']
    settings = {'dropout': task['dropout']['residual'], 'attentionDropout': task['dropout']['attention'],
                'feedForwardDropout': task['dropout']['feedForward'], 'labelSmoothing': task['labelSmoothing'],
                'clipNorm': task['clipNorm'], 'seed': 1}
    batches = [to_batch(batch, config['paddingToken'], device, Batch) for batch in task['batches']]
    complete = True
    for index, precision in enumerate(PRECISIONS):
        share = clock.left() / (len(PRECISIONS) - index)
        end = time.monotonic() + share
        torch.manual_seed(1)
        weights = {name: initial(name, shape) for name, shape in parameter_shapes(config).items()}
        try:
            trainer = Trainer(config, weights, settings, device, precision, likelihood=False)
            times, speeds = [], []
            for step in range(1, WARM_UPS + 51):
                batch = batches[step % len(batches)]
                synchronise(device)
                begun = time.perf_counter()
                loss = trainer.step([batch], step, task['learningRate'])[0].item()
                synchronise(device)
                seconds = time.perf_counter() - begun
                if step > WARM_UPS:
                    times.append(seconds)
                    speeds.append(batch.tokens / seconds)
                if time.monotonic() > end:
                    break
            complete = complete and len(times) >= 3
            if times:
                report(precision, precision=precision, steps=len(times), milliseconds=digits(1000 * statistics.median(times)),
                       targetTokensPerSecond=digits(statistics.median(speeds)), loss=digits(loss / batch.tokens))
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            report(precision, precision=precision, outOfMemory=True)
        trainer = None
        if device == 'cuda':
            torch.cuda.empty_cache()
    report('end', complete=complete)


def initial(name, shape):
    """Speed does not depend on what stands in them, as long as losses are numbers."""
    if len(shape) > 1:
        return (torch.rand(shape) - 0.5) * (12 / shape[-1]) ** 0.5
    return torch.full(shape, 1.0 if name.lower().endswith('norm.weight') else 0.0)


def to_batch(batch, padding, device, kind):
    """Our flat batch as the twin takes it."""
    size, source_length, target_length = batch['size'], batch['sourceLength'], batch['targetLength']
    rows = torch.tensor(batch['rows'])
    labels = torch.full((size * target_length,), padding)
    labels[rows] = torch.tensor(batch['labels'])
    tensors = (torch.tensor(batch['sourceIds']).view(size, source_length),
               torch.tensor(batch['targetIds']).view(size, target_length), labels.view(size, target_length), rows)
    return kind(*(tensor.to(device) for tensor in tensors), filled=0, positions=0)


def find(device):
    """What there is, or an exit code of 1 with a sentence."""
    if device == 'cuda' and not torch.cuda.is_available():
        print(f'PyTorch {torch.__version__} sees no CUDA.')
        sys.exit(1)
    name = torch.cuda.get_device_name() if device == 'cuda' else 'processor'
    print(json.dumps({'torch': torch.__version__, 'cuda': torch.version.cuda, 'device': name}))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('part', choices=('find', 'gemm', 'training'))
    parser.add_argument('--device', required=True)
    parser.add_argument('--seconds', type=float, default=60)
    parser.add_argument('--shapes', type=json.loads)
    parser.add_argument('--batches')
    options = parser.parse_args()
    clock = Clock(options.seconds)
    if options.part == 'find':
        find(options.device)
    elif options.part == 'gemm':
        products(options.shapes, options.device, clock)
    else:
        training(options.batches, options.device, clock)


main()
