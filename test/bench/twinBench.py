"""PyTorch's side of `npm run bench -- training`: a step of a run's batches whenever a line comes in, and a line of JSON
with what it took. trainingSteps.ts does the same with our own graph.
"""
import argparse
import json
import os
import resource
import sys
import time

sys.dont_write_bytecode = True

import torch  # noqa: E402

from twinRun import newest_checkpoint, read_settings  # noqa: E402
from twinTrain import Batches, Trainer, learning_rate  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument('--run', required=True)
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--drop-padding', action='store_true', help='project only the rows that are no padding')
options = parser.parse_args()
torch.set_num_threads(options.threads)
settings, checkpoint = read_settings(options.run), newest_checkpoint(options.run)
trainer = Trainer(checkpoint.config['transformer'], checkpoint.weights, settings, drop_padding=options.drop_padding,
                  likelihood=False)
batches = Batches(os.path.join(options.run, 'corpus'), settings, 0, 0, 'cpu')
# Linux counts in kibibytes, macOS in bytes.
unit = 2 ** 20 if sys.platform == 'darwin' else 2 ** 10

print('{}', flush=True)
step = 0
for _ in sys.stdin:
    step += 1
    parts = [batches.next()[2] for _ in range(settings['accumulate'])]
    begun, worked = time.perf_counter(), time.process_time()
    loss = trainer.step(parts, step, learning_rate(step, settings))[0].item()
    milliseconds, processor = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - worked)
    tokens = sum(part.tokens for part in parts)
    print(json.dumps({
        'milliseconds': milliseconds,
        'processor': processor,
        'tokens': tokens,
        'loss': loss / tokens,
        'filled': sum(part.filled for part in parts) / sum(part.positions for part in parts),
        'peak': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit,
    }), flush=True)
batches.close()
