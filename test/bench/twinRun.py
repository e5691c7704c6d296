"""A training run's folder, read and written as models/training does: settings, checkpoints, metrics.jsonl."""
import ctypes
import hashlib
import json
import math
import os
import secrets
import shutil
import socket
import struct
import sys
import time

import torch

PARTS = ('config.json', 'tokenizer.json', 'model.safetensors', 'optimiser.safetensors')
PROGRESS = ('step', 'epoch', 'batch', 'targetTokens', 'seconds')
# What a run does that does not say.
FORMERLY = {'weights': [], 'accumulate': 1, 'subwordDropout': 0, 'rDrop': 0}
RUN_FORMAT = 2
# Settings that say something to whoever reads the corpus or begins a run, and the precision, of which the twin has its own
# option; the rest is honoured here.
SETTLED = {'corpora', 'validation', 'heldOut', 'maximumWords', 'maximumLengthRatio', 'from', 'to', 'initialModel',
           'ownVocabulary', 'preset', 'modelConfig', 'vocabularySize', 'longest', 'precision'}
HONOURED = {'weights', 'batchTokens', 'accumulate', 'peakLearningRate', 'warmupSteps', 'dropout', 'attentionDropout',
            'feedForwardDropout', 'subwordDropout', 'labelSmoothing', 'rDrop', 'clipNorm', 'seed', 'format'}


def say(sentence):
    print(sentence, file=sys.stderr, flush=True)


class Lock:
    """A run's folder for this process alone (models/training/runLock.ts), to be touched within ten minutes."""

    def __init__(self, run):
        self.file = os.path.join(run, 'training.lock')
        if os.path.exists(self.file) and self.is_left_over():
            os.remove(self.file)
        content = {'pid': os.getpid(), 'host': socket.gethostname(), 'started': '', 'token': secrets.token_hex(8)}
        try:
            with open(self.file, 'x', encoding='utf-8') as opened:
                json.dump(content, opened)
        except FileExistsError:
            raise SystemExit(f'{self.file} says that a process trains there. Where none does, remove it.')

    def is_left_over(self):
        """Of a process of this machine that is no longer there."""
        try:
            with open(self.file, encoding='utf-8') as opened:
                holder = json.load(opened)
            if holder['host'] == socket.gethostname() and os.name != 'nt':
                os.kill(holder['pid'], 0)
        except ProcessLookupError:
            return True
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return False

    def touch(self):
        os.utime(self.file)

    def release(self):
        os.remove(self.file)


def read_settings(run):
    settings = {**FORMERLY, **read_json(os.path.join(run, 'run.json'))}
    if settings.get('format') != RUN_FORMAT:
        raise SystemExit(f'{run}: its batches were cut by another Polyhead (format {settings.get("format")}, not '
                         f'{RUN_FORMAT}): go on with `polyhead train --resume`.')
    if settings['subwordDropout'] > 0:
        raise SystemExit(f'{run}: the twin cannot cut words anew (subwordDropout): go on with `polyhead train --resume`.')
    missing = sorted(HONOURED - set(settings))
    if missing:
        raise SystemExit(f'{run}: run.json does not say {", ".join(missing)}.')
    unknown = sorted(set(settings) - HONOURED - SETTLED)
    if unknown:
        say(f'{run}: the twin does not know the settings {", ".join(unknown)}, and trains without them.')
    return settings


def read_json(file):
    try:
        with open(file, encoding='utf-8') as opened:
            return json.load(opened)
    except (OSError, ValueError) as error:
        raise SystemExit(f'{file} cannot be read: {error}.')


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def javascript_json(value):
    """As JSON.stringify writes objects of numbers: whole ones without a point."""
    def written(one):
        if isinstance(one, dict):
            return {key: written(number) for key, number in one.items()}
        return int(one) if one == int(one) else one
    return json.dumps(written(value), separators=(',', ':'))


class Checkpoint:
    """Weights and moments by name, where the run stands, and the texts that stay as they are."""

    def __init__(self, folder):
        self.folder = folder
        contents = {}
        for name in PARTS:
            with open(os.path.join(folder, name), 'rb') as file:
                contents[name] = file.read()
        with open(os.path.join(folder, 'progress.json'), encoding='utf-8') as file:
            self.progress = json.load(file)
        sums = self.progress.pop('checksums')
        actual = {name: sha256(content) for name, content in contents.items()}
        actual['progress'] = sha256(javascript_json(self.progress).encode())
        for name, digest in actual.items():
            if sums.get(name) != digest:
                raise ValueError(f'{name} is not what was written: its checksum differs')
        self.config = json.loads(contents['config.json'])
        self.texts = {name: contents[name] for name in ('config.json', 'tokenizer.json')}
        self.weights = decode_safetensors(contents['model.safetensors'])
        moments = decode_safetensors(contents['optimiser.safetensors'])
        self.first, self.second = ({name: moments[f'{which}.{name}'].view(weight.shape)
                                    for name, weight in self.weights.items()} for which in ('first', 'second'))


def list_checkpoints(run):
    """Newest first."""
    names = [name for name in os.listdir(run) if name.startswith('checkpoint-') and name[11:].isdigit()]
    return [os.path.join(run, name) for name in sorted(names, key=lambda name: -int(name[11:]))]


def newest_checkpoint(run):
    """The newest whole one; newer ones that are damaged are set aside under another name, and said so."""
    damaged = []
    for folder in list_checkpoints(run):
        try:
            checkpoint = Checkpoint(folder)
        except (OSError, ValueError, KeyError) as error:
            say(f'{folder} is damaged and passed over: {error}.')
            damaged.append(folder)
            continue
        for one in damaged:
            aside = os.path.join(run, f'damaged-{os.path.basename(one)}')
            shutil.rmtree(aside, ignore_errors=True)
            os.rename(one, aside)
        return checkpoint
    raise SystemExit(f'{run} holds no checkpoint to go on from: begin it with `polyhead train --steps 1`.')


def write_checkpoint(run, before, progress, weights, moments, keep, validations, out_of_turn):
    """Beside the others, of which the `keep` newest stay, and the best by validation loss; returns its folder.

    validations: lines of metrics.jsonl; out_of_turn: whether it is there for being the best alone
    """
    name = f'checkpoint-{progress["step"]:08d}'
    for unfinished in os.listdir(run):
        if unfinished.startswith('.unfinished-'):
            left = os.path.join(run, unfinished)
            shutil.rmtree(left) if os.path.isdir(left) else os.remove(left)
    temporary = os.path.join(run, f'.unfinished-{name}-{secrets.token_hex(4)}')
    os.mkdir(temporary)
    flat = {f'{which}.{key}': value.reshape(-1) for which, values in zip(('first', 'second'), moments)
            for key, value in values.items()}
    contents = {**before.texts, 'model.safetensors': encode_safetensors(weights, {'format': 'polyhead'}),
                'optimiser.safetensors': encode_safetensors(flat)}
    sums = {key: sha256(content) for key, content in contents.items()}
    sums['progress'] = sha256(javascript_json(progress).encode())
    for key, content in contents.items():
        write_flushed(os.path.join(temporary, key), content)
    head = javascript_json(progress)[:-1]
    write_flushed(os.path.join(temporary, 'progress.json'), f'{head},"checksums":{json.dumps(sums)}}}\n'.encode())
    flush_folder(temporary)
    folder = os.path.join(run, name)
    os.rename(temporary, folder)
    flush_folder(run)
    kept = choose_checkpoints(run, keep, validations, name if out_of_turn else None)
    for old in list_checkpoints(run):
        if os.path.basename(old) not in kept:
            shutil.rmtree(old)
    return folder


def read_best(run):
    """best.json, where there is one."""
    file = os.path.join(run, 'best.json')
    return read_json(file) if os.path.exists(file) else None


def choose_checkpoints(run, keep, validations, apart):
    """Names of those that stay; the best is written down in best.json. As models/training/best.ts.

    apart: the name of one that is there for being the best alone
    """
    best = read_best(run)
    names = [os.path.basename(folder) for folder in list_checkpoints(run)]
    aside = {apart, best['checkpoint'] if best and best['apart'] else None}
    last = [name for name in names if name not in aside][:keep]
    steps = {int(name[11:]): name for name in names}
    candidates = [line for line in validations if line['step'] in steps and line['loss'] is not None]
    # What is best by BLEU stays so: nothing is translated here.
    if candidates and (best is None or best['measure'] == 'loss'):
        line = min(candidates, key=lambda line: line['loss'])
        best = {'checkpoint': steps[line['step']], 'measure': 'loss',
                **{key: line[key] for key in ('step', 'loss', 'perplexity', 'bleu', 'chrf')}}
    if best is None or best['checkpoint'] not in names:
        return set(last)
    content = json.dumps({**best, 'apart': best['checkpoint'] not in last}, indent=2)
    replace_flushed(os.path.join(run, 'best.json'), f'{content}\n'.encode())
    return {*last, best['checkpoint']}


def replace_flushed(file, content):
    write_flushed(f'{file}.new', content)
    os.replace(f'{file}.new', file)
    flush_folder(os.path.dirname(file))


def write_flushed(file, content):
    with open(file, 'wb') as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def flush_folder(folder):
    if os.name == 'nt':
        return
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def decode_safetensors(data):
    """Every tensor of the bytes of a file as float32."""
    length = struct.unpack('<Q', data[:8])[0]
    types = {'F32': (torch.float32, 4), 'F16': (torch.float16, 2)}
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == '__metadata__':
            continue
        kind, width = types[entry['dtype']]
        start, end = entry['data_offsets']
        part = bytearray(data[8 + length + start:8 + length + end])
        tensor = torch.frombuffer(part, dtype=kind, count=(end - start) // width)
        tensors[name] = tensor.view(entry['shape']).to(torch.float32)
    return tensors


def encode_safetensors(tensors, metadata=None):
    """float32 tensors of the CPU as the bytes of a file."""
    header, offset, chunks = {'__metadata__': metadata} if metadata else {}, 0, []
    for name, tensor in tensors.items():
        tensor = tensor.detach().to(torch.float32).contiguous()
        # Without NumPy, which PyTorch may have been installed without.
        chunk = ctypes.string_at(tensor.data_ptr(), tensor.numel() * 4)
        header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [offset, offset + len(chunk)]}
        chunks.append(chunk)
        offset += len(chunk)
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    return b''.join((struct.pack('<Q', len(text)), text, *chunks))


class Metrics:
    """metrics.jsonl of a run (docs/metrics.md): lines of steps up to where it stands stay, new ones follow."""

    SMOOTHING = 0.02

    def __init__(self, run, step, facts):
        file = os.path.join(run, 'metrics.jsonl')
        lines = []
        if os.path.exists(file) and step > 0:
            with open(file, encoding='utf-8') as opened:
                lines = [line for line in opened if line.endswith('\n') and step_of(line) <= step]
        replace_flushed(file, ''.join(lines).encode())
        self.file = open(file, 'a', encoding='utf-8')
        lines = [json.loads(line) for line in lines]
        losses = [line['smoothedLoss'] for line in lines if line['kind'] == 'step']
        self.smoothed = losses[-1] if losses else None
        self.validations = [line for line in lines if line['kind'] == 'validation']
        self.facts = facts
        self.append({'kind': 'leg', 'schema': 1, 'time': time.time(), 'step': step, **facts})

    def append(self, line):
        finite = {key: None if isinstance(value, float) and not math.isfinite(value) else value
                  for key, value in line.items()}
        self.file.write(json.dumps(finite) + '\n')
        return finite

    def step(self, line):
        loss = line['loss']
        self.smoothed = loss if self.smoothed is None else self.smoothed + self.SMOOTHING * (loss - self.smoothed)
        self.append({'kind': 'step', 'time': time.time(), **line, 'smoothedLoss': self.smoothed, 'secondsLeft': None,
                     'flops': self.facts['flopsPerTargetToken'] * line['targetTokens']})

    def validation(self, step, loss, perplexity):
        line = {'kind': 'validation', 'time': time.time(), 'step': step, 'loss': loss, 'perplexity': perplexity,
                'bleu': None, 'chrf': None, 'translatedPairs': 0, 'samples': []}
        self.validations.append(self.append(line))

    def flush(self):
        self.file.flush()
        os.fsync(self.file.fileno())


def step_of(line):
    """Of a line of metrics; what is none comes after all of them."""
    try:
        value = json.loads(line)
        return value['step'] if value['kind'] in ('leg', 'step', 'validation') else math.inf
    except (ValueError, TypeError, KeyError):
        return math.inf
