"""PyTorch's side of `npm run bench -- decoding`: decodes what a line of JSON asks for, and answers with a line.

decodingWorker.ts does the same with our own graphs. A model's folder holds config.json, and model.safetensors in float32.
"""
import argparse
import json
import os
import resource
import sys
import time

sys.dont_write_bytecode = True

import torch  # noqa: E402

from twin import Twin  # noqa: E402
from twinDecode import Search, penalise  # noqa: E402
from twinRun import decode_safetensors, read_json  # noqa: E402

parser = argparse.ArgumentParser()
parser.add_argument('--model', required=True)
parser.add_argument('--threads', type=int, required=True)
parser.add_argument('--barred', required=True, help='ids of tokens that are never said, with commas')
options = parser.parse_args()
torch.set_num_threads(options.threads)
with open(os.path.join(options.model, 'model.safetensors'), 'rb') as file:
    weights = decode_safetensors(file.read())
config = read_json(os.path.join(options.model, 'config.json'))['transformer']
search = Search(Twin(config, weights), [int(token) for token in options.barred.split(',')])


def decode(order):
    begun, worked = time.perf_counter(), time.process_time()
    targets = []
    for batch in order['batches']:
        targets.append(search.greedy(batch) if order['beamSize'] == 1
                       else search.beam(batch, order['beamSize'], order['lengthPenalty']))
    return {
        'milliseconds': 1000 * (time.perf_counter() - begun),
        'processor': 1000 * (time.process_time() - worked),
        'targets': targets,
        # Linux counts in kibibytes.
        'peak': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2 ** 10,
    }


def judge(order):
    """How much less likely than its own choice PyTorch finds what others have said, in nats.

    Greedily: at the first token that differs; with a beam: of the sums that are ranked.
    """
    source, (own, other) = order['source'], order['targets']
    if order['beamSize'] == 1:
        place = next((place for place, pair in enumerate(zip(own, other)) if pair[0] != pair[1]),
                     min(len(own), len(other)))
        row = search.log_probabilities(source, own[:place])[place]
        return (row.max() - row[(other + [search.end])[place]]).item()

    def ranked(target):
        said = [*target, search.end]
        total = search.log_probabilities(source, target)[range(len(said)), said].sum().item()
        return penalise(total, len(said), order['lengthPenalty'])
    return ranked(own) - ranked(other)


print('{}', flush=True)
with torch.inference_mode():
    for line in sys.stdin:
        order = json.loads(line)
        answer = decode(order) if order['do'] == 'decode' else {'margin': judge(order)}
        print(json.dumps(answer), flush=True)
