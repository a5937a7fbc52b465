# SPDX-License-Identifier: MIT
"""The laboratory behind README.md: variants of the committee, trained and scored side by side. numpy only.

    node tests/accuracy/run.mjs --export /tmp/splits          writes the real sets' splits, and seven held-out sets
    OMP_NUM_THREADS=1 python3 tests/accuracy/lab.py /tmp/splits [--only text] [--groups seven,other,made] [--seeds 3]

Every table line is one variant: its mean AUROC/AUCPR x100 in the three settings (CLEAN with trim 0, CLEAN with trim .3,
DIRTY with trim .3) for each group of sets. All members of all seeds and settings of one set are trained as one stack of
small matrices in float32, which makes a variant cost seconds. Not the reference: random numbers differ from every other
implementation here, and means differ by a few tenths from run to run."""
import argparse
import sys
import time
from pathlib import Path

import numpy as np

sys.dont_write_bytecode = True
from lab_data import SETTINGS, load, made, shares

BASE = dict(members=9, rows=256, steps=400, batch=64, lr=.01, width=16, trim=.3, knee=5., codes='rmh', bag=1., decay=False, share=1., draw=1)


# ---------------------------------------------------------------- the members, as one stack of matrices
def squash(x, knee):
    a = np.abs(x)
    return np.where(a <= knee, x, np.sign(x) * (knee + np.log1p(np.maximum(a - knee, 0))))


def code_sizes(d, rule):
    r, h = max(2, round(d ** .5)), max(2, d // 2)
    return {'rmh': [r, (r + h) // 2, h], 'r': [r], 'h': [h], 'small': [max(2, r // 2), r, (r + h) // 2]}[rule]


def train_stack(S, masks, codes, trims, o, rng):
    """S (K, rows, d), masks (K, d) of the columns a member sees; K members at once. Returns the eight parameter stacks."""
    K, R, d = S.shape
    w, c = o['width'], max(codes)
    seen = masks.sum(1)[:, None, None]
    unit = (np.arange(c) < np.array(codes)[:, None]).astype(np.float32)          # codes narrower than the widest: zeros
    draw = lambda a, b, fan: (rng.standard_normal((K, a, b)) / np.sqrt(fan)).astype(np.float32)
    P = [draw(d, w, seen), draw(w, c, w) * unit[:, None, :], draw(c, w, np.array(codes)[:, None, None]) * unit[:, :, None], draw(w, d, w)]
    P = [x for W in P for x in (W, np.zeros((K, 1, W.shape[2]), np.float32))]
    m1, m2 = [np.zeros_like(p) for p in P], [np.zeros_like(p) for p in P]
    B = min(o['batch'], R)
    keep = np.maximum(1, np.round(B * (1 - trims))).astype(int)
    order, at, every = None, R, np.arange(K)[:, None]
    for t in range(1, o['steps'] + 1):
        if at + B > R:
            order, at = rng.permuted(np.tile(np.arange(R), (K, 1)), axis=1), 0
        x = S[every, order[:, at:at + B]]
        at += B
        h1, z, h2, y = forward(P, x)
        r = (y - x) * masks[:, None, :]
        e = np.einsum('kbd,kbd->kb', r, r)
        r *= (e <= np.take_along_axis(np.sort(e, 1), keep[:, None] - 1, 1))[:, :, None]
        dy = r * (2 / (B * seen * (1 - trims)[:, None, None])).astype(np.float32)
        G = [None] * 8
        G[6], G[7] = h2.swapaxes(1, 2) @ dy, dy.sum(1, keepdims=True)
        g = dy @ P[6].swapaxes(1, 2) * (1 - h2 * h2)
        G[4], G[5] = z.swapaxes(1, 2) @ g, g.sum(1, keepdims=True)
        g = (g @ P[4].swapaxes(1, 2))
        G[2], G[3] = h1.swapaxes(1, 2) @ g, g.sum(1, keepdims=True)
        g = g @ P[2].swapaxes(1, 2) * (1 - h1 * h1)
        G[0], G[1] = x.swapaxes(1, 2) @ g, g.sum(1, keepdims=True)
        lr = o['lr'] * (.5 + .5 * np.cos(np.pi * t / o['steps']) if o['decay'] else 1)
        a, b = np.float32(lr / (1 - .9 ** t)), np.float32(1 / (1 - .999 ** t))
        for i in range(8):
            m1[i] += np.float32(.1) * (G[i] - m1[i])
            m2[i] += np.float32(.001) * (G[i] * G[i] - m2[i])
            P[i] = P[i] - a * m1[i] / (np.sqrt(m2[i] * b) + np.float32(1e-8))
    return P


def forward(P, x):
    h1 = np.tanh(x @ P[0] + P[1])
    z = h1 @ P[2] + P[3]
    h2 = np.tanh(z @ P[4] + P[5])
    return h1, z, h2, h2 @ P[6] + P[7]


class Fit:
    """What a scoring variant may look at: standardised and squashed tables, squared residuals and codes of every member."""

    def __init__(self, case, o, rng):
        self.seed, self.setting, train, test, self.labels = case
        self.same = self.setting == 'dirty'                      # then both parts are one table
        centre, scale = train.mean(0), train.std(0)
        scale = np.where(scale <= 1e-12 * np.maximum(1, np.abs(centre)), 1, scale)
        self.Z = [(train - centre) / scale, (test - centre) / scale]
        self.A = [squash(z, o['knee']).astype(np.float32) for z in self.Z]
        self.trim = np.float32(0 if self.setting == 'clean train' else o['trim'])
        n, d = train.shape
        rows = min(o['rows'], int(np.ceil(o['share'] * n)))
        self.picks = [rng.permutation(n)[:rows] for _ in range(o['members'])]
        self.masks = np.ones((o['members'], d), np.float32)
        if o['bag'] < 1:
            for mask in self.masks:
                mask[rng.permutation(d)[max(2, round(o['bag'] * d)):]] = 0

    def judge(self, P, codes):
        """q[part] (members, n, d) and codes[part]; columns a member did not see are NaN."""
        self.q, self.codes = [], []
        for A in self.A[:1] if self.same else self.A:
            q, z = [], []
            for k, mask in enumerate(self.masks):
                _, code, _, y = forward([p[k] for p in P], A * mask)
                q.append(np.where(mask > 0, (A - y) ** 2, np.nan) if mask.min() == 0 else (A - y) ** 2)
                z.append(code[:, :codes[k]])
            self.q.append(np.stack(q))
            self.codes.append(z)
        if self.same:
            self.q, self.codes = self.q * 2, self.codes * 2


def fits(cases, o):
    """Every case of one set, trained; members with equally many rows share a stack."""
    rng = np.random.default_rng(o['draw'])
    all_ = [Fit(case, o, rng) for case in cases]
    codes = code_sizes(all_[0].A[0].shape[1], o['codes'])
    codes = [codes[i % len(codes)] for i in range(o['members'])]
    for rows in {len(f.picks[0]) for f in all_}:
        group = [f for f in all_ if len(f.picks[0]) == rows]
        S = np.concatenate([np.stack([f.A[0][pick] * mask for pick, mask in zip(f.picks, f.masks)]) for f in group])
        trims = np.repeat([f.trim for f in group], o['members']).astype(np.float32)
        P = train_stack(S, np.concatenate([f.masks for f in group]), codes * len(group), trims, o, rng)
        for i, f in enumerate(group):
            f.judge([p[i * o['members']:(i + 1) * o['members']] for p in P], codes)
    return all_


# ---------------------------------------------------------------- scores; each part is made from training rows (0) and test rows (1)
def centred(train, test, floor=.05):
    a, b, c = np.percentile(train, [25, 50, 75])
    return (test - b) / max(c - a, floor)


def ratios(f, share=.9, combine=np.nanmean, floor=1e-3):
    """q of a part over sigma squared, (n, d): the columns' squared residuals in units of their own ordinary size."""
    q = [combine(part, 0) for part in f.q]
    sigma2 = np.sort(q[0], 0)[:max(1, int(share * len(q[0])))].mean(0) + floor
    return [part / sigma2 for part in q]


def residual(f, power=.5, pool=None, **how):
    p = [x ** power for x in ratios(f, **how)]
    pool = pool or (lambda v: v.mean(1))
    return centred(*(np.log(pool(v) + 1e-3) for v in p))


def apart(f):
    """Every member in units of its own: the mean over members of ln P."""
    both = [0, 0]
    for m in range(len(f.q[0])):
        for i, part in enumerate(ratios(f, combine=lambda q, axis: q[m])):
            both[i] = both[i] + np.log((part ** .5).mean(1) + 1e-3)
    return centred(*(b / len(f.q[0]) for b in both))


def top(share):
    return lambda v: -np.partition(-v, k := max(0, int(np.ceil(share * v.shape[1])) - 1), 1)[:, :k + 1].mean(1)


def rarity(f, bins=10, edges=None, smooth=.1):
    """Mean over columns of -ln(height / top height) of the column's histogram."""
    train, test = f.Z
    total = [np.zeros(len(train)), np.zeros(len(test))]
    count = bins if isinstance(bins, int) else bins(len(train))
    for j in range(train.shape[1]):
        low, high = (train[:, j].min(), train[:, j].max()) if edges is None else np.quantile(train[:, j], [edges, 1 - edges])
        line = np.linspace(low, high if high > low else low + 1, count + 1)
        bars = np.histogram(train[:, j], line)[0].astype(float)
        extra = smooth * len(train) / count
        for i, Z in enumerate(f.Z):
            k = np.clip(np.searchsorted(line, Z[:, j], 'right') - 1, 0, count - 1)
            c = np.where((Z[:, j] < line[0]) | (Z[:, j] > line[-1]), 0, bars[k])
            total[i] += -np.log((c + extra) / (bars.max() + extra)) / train.shape[1]
    return centred(*(np.log(t + 1e-2) for t in total))


def tails(f):
    """ECDF instead of a histogram: mean over columns of -ln(2 min(F, 1 - F))."""
    train, test = f.Z
    n, both = len(train), []
    for Z in f.Z:
        t = 0
        for j in range(train.shape[1]):
            s = np.sort(train[:, j])
            below, above = np.searchsorted(s, Z[:, j], 'right'), n - np.searchsorted(s, Z[:, j], 'left')
            t = t - np.log(np.minimum(1, 2 * (np.minimum(below, above) + .5) / (n + 1)))
        both.append(t / train.shape[1])
    return centred(*(np.log(t + 1e-2) for t in both))


def code_distance(f, kind):
    """Mean over members of the code's distance from its median: per unit ('axes') or whitened ('whitened')."""
    both = [0, 0]
    for k in range(len(f.codes[0])):
        code = f.codes[0][k]
        middle = np.median(code, 0)
        spread = np.median(np.abs(code - middle), 0) + 1e-3
        near = (np.abs(code - middle) / spread).mean(1)
        core = code[near <= np.quantile(near, .7)]
        white = np.linalg.pinv(np.cov(core.T) + 1e-3 * np.eye(code.shape[1])) if kind == 'whitened' else np.diag(spread ** -2)
        for i in (0, 1):
            r = f.codes[i][k] - middle
            both[i] = both[i] + np.log(np.einsum('ij,jk,ik->i', r, white, r) + 1e-2)
    return centred(*(b / len(f.codes[0]) for b in both))


def squared(a, b):
    return np.maximum((a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * a @ b.T, 0)


def neighbour(f, space='cells', rows=64, k=1, whiten=False):
    """Mean over members of the log distance to the k-th nearest of a few of the member's own training rows."""
    both = [0, 0]
    for m, pick in enumerate(f.picks):
        pick = pick[:rows]
        scale = 1
        base = f.A[0] if space == 'cells' else f.codes[0][m]
        if space == 'codes':
            scale = base.std(0) + 1e-3
        for i in (0, 1):
            X = (f.A[i] if space == 'cells' else f.codes[i][m]) / scale
            D = squared(X, base[pick] / scale)
            if i == 0 or f.same:
                D[pick, np.arange(len(pick))] = np.inf       # a row is not its own neighbour
            both[i] = both[i] + .5 * np.log(np.partition(D, k - 1, 1)[:, k - 1] + 1e-3)
    return centred(*(b / len(f.picks) for b in both))


def local(f, rows=256, k=10):
    """The residual over that of the k nearest training rows: a local correction for normals of uneven difficulty."""
    P = [np.log((x ** .5).mean(1) + 1e-3) for x in ratios(f)]
    pick = f.picks[0][:rows]
    out = []
    for i in (0, 1):
        D = squared(f.A[i], f.A[0][pick])
        if i == 0 or f.same:
            D[pick, np.arange(len(pick))] = np.inf
        out.append(P[i] - .5 * np.median(P[0][pick][np.argpartition(D, k, 1)[:, :k]], 1))
    return centred(*out)


def best_fitting(share):
    """Leaves out the members with the largest median residual."""
    def combine(q, axis):
        worst = np.argsort(np.median(q.mean(2), 1))
        return q[worst[:max(1, int(share * len(q)))]].mean(0)
    return combine


SCORES = {
    'section 6': lambda f: residual(f) + .5 * rarity(f),
    'no histogram': lambda f: residual(f),
    'histogram weight .25': lambda f: residual(f) + .25 * rarity(f),
    'histogram weight 1': lambda f: residual(f) + rarity(f),
    'histogram, 5 bins': lambda f: residual(f) + .5 * rarity(f, 5),
    'histogram, 20 bins': lambda f: residual(f) + .5 * rarity(f, 20),
    'histogram, cube root of n bins': lambda f: residual(f) + .5 * rarity(f, lambda n: int(np.clip(round(n ** (1 / 3) * 1.3), 5, 30))),
    'histogram between q1 and q99': lambda f: residual(f) + .5 * rarity(f, 10, .01),
    'ECDF tails for the histogram': lambda f: residual(f) + .5 * tails(f),
    'histogram and tails, .25 each': lambda f: residual(f) + .25 * rarity(f) + .25 * tails(f),
    'power 2/3': lambda f: residual(f, 2 / 3) + .5 * rarity(f),
    'power 1 (squares)': lambda f: residual(f, 1) + .5 * rarity(f),
    'power 1/4': lambda f: residual(f, .25) + .5 * rarity(f),
    'mean of the top half of columns': lambda f: residual(f, pool=top(.5)) + .5 * rarity(f),
    'mean of the top fifth': lambda f: residual(f, pool=top(.2)) + .5 * rarity(f),
    'sigma from all rows': lambda f: residual(f, share=1) + .5 * rarity(f),
    'sigma from the best 70 %': lambda f: residual(f, share=.7) + .5 * rarity(f),
    'sigma from the best half': lambda f: residual(f, share=.5) + .5 * rarity(f),
    'sigma floor 1e-2': lambda f: residual(f, floor=1e-2) + .5 * rarity(f),
    'median over members': lambda f: residual(f, combine=np.nanmedian) + .5 * rarity(f),
    'best two thirds of members': lambda f: residual(f, combine=best_fitting(.67)) + .5 * rarity(f),
    'members put together as absolute residuals': lambda f: residual(f, combine=lambda q, axis: np.sqrt(q).mean(0) ** 2) + .5 * rarity(f),
    'members put together as logarithms': lambda f: apart(f) + .5 * rarity(f),
    'soft maximum of the two parts': lambda f: np.logaddexp(residual(f), rarity(f)),
    'code distance by axes, .25': lambda f: residual(f) + .5 * rarity(f) + .25 * code_distance(f, 'axes'),
    'code distance whitened, .25': lambda f: residual(f) + .5 * rarity(f) + .25 * code_distance(f, 'whitened'),
    'code neighbour of 64, .5': lambda f: residual(f) + .5 * rarity(f) + .5 * neighbour(f, 'codes'),
    'neighbour of 8, .5': lambda f: residual(f) + .5 * rarity(f) + .5 * neighbour(f, rows=8),
    'neighbour of 16, .5': lambda f: residual(f) + .5 * rarity(f) + .5 * neighbour(f, rows=16),
    'neighbour of 64, .5': lambda f: residual(f) + .5 * rarity(f) + .5 * neighbour(f),
    'neighbour of 256, .5': lambda f: residual(f) + .5 * rarity(f) + .5 * neighbour(f, rows=256),
    'neighbour of 64, 1': lambda f: residual(f) + .5 * rarity(f) + neighbour(f),
    'neighbour of 64 alone': lambda f: neighbour(f),
    'neighbour of 64, no histogram': lambda f: residual(f) + .5 * neighbour(f),
    'local correction': lambda f: local(f) + .5 * rarity(f),
}
# Training variants are judged with the score of section 6.
TRAININGS = {
    'members 18': dict(members=18), 'members 25': dict(members=25), 'rows 128': dict(rows=128), 'rows 512': dict(rows=512),
    'rows 512, steps 800': dict(rows=512, steps=800), 'steps 200': dict(steps=200), 'steps 800': dict(steps=800),
    'width 8': dict(width=8), 'width 24': dict(width=24), 'width 32': dict(width=32), 'trim .2': dict(trim=.2), 'trim .4': dict(trim=.4),
    'trim .5': dict(trim=.5), 'cosine decay': dict(decay=True), 'codes small': dict(codes='small'), 'codes root d': dict(codes='r'), 'codes half d': dict(codes='h'),
    'rows at most half': dict(share=.5), 'rows at most two thirds': dict(share=.67), 'rows 128, at most half': dict(rows=128, share=.5),
    'rows 64': dict(rows=64), 'rows 96': dict(rows=96), 'rows 128, members 18': dict(rows=128, members=18), 'rows 128, batch 32': dict(rows=128, batch=32),
    'rows 128, trim .35': dict(rows=128, trim=.35), 'rows 128, codes small': dict(rows=128, codes='small'),
    'columns bagged .7': dict(bag=.7), 'columns bagged .5, members 18': dict(bag=.5, members=18), 'knee 3': dict(knee=3.), 'knee 10': dict(knee=10.),
}


# ---------------------------------------------------------------- judging
def auroc(scores, labels):
    order = np.sort(scores[labels == 0])
    strange = scores[labels == 1]
    wins = np.searchsorted(order, strange, 'left') + np.searchsorted(order, strange, 'right')
    return 100 * wins.mean() / 2 / len(order)


def average_precision(scores, labels):
    order = np.argsort(-scores, kind='stable')
    last = np.r_[np.diff(scores[order]) != 0, True]           # the end of every run of equal scores
    hits = np.cumsum(labels[order])[last]
    seen = np.flatnonzero(last) + 1
    return 100 * (np.diff(np.r_[0, hits]) * hits / seen).sum() / hits[-1]


def main():
    ask = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    ask.add_argument('folder', type=Path)
    ask.add_argument('--only', default='', help='variants whose name holds one of these texts, parted by |; =text for the whole name')
    ask.add_argument('--groups', default='seven,other,made')
    ask.add_argument('--seeds', type=int, default=3)
    ask.add_argument('--sets', action='store_true', help='also a line for every set')
    o = ask.parse_args()
    chosen = lambda name: any(text[1:] == name if text.startswith('=') else text in name for text in o.only.split('|'))
    trainings = {'': {}, **{name: change for name, change in TRAININGS.items() if chosen(name)}}
    scores = {name: score for name, score in SCORES.items() if chosen(name) or name == 'section 6'}
    for group in o.groups.split(','):
        data = {'made': made, 'shares': shares}.get(group, lambda seeds: load(o.folder, seeds))(o.seeds)
        results = {}
        for _, name, cases in (entry for entry in data if entry[0] == group):
            for label, change in trainings.items():
                started = time.time()
                for f in fits(cases, {**BASE, **change}):
                    for title, score in (scores if not label else {label: SCORES['section 6']}).items():
                        s = score(f)
                        results.setdefault(title, {}).setdefault((f.setting, name), []).append((auroc(s, f.labels), average_precision(s, f.labels)))
                print(f'# {name} {label} {time.time() - started:.1f} s', flush=True)
        report(group, results, o.sets)


def report(group, results, each):
    print(f'\n| {group} | ' + ' | '.join(SETTINGS) + ' |\n| --- | --- | --- | --- |')
    for title, found in results.items():
        means = {key: np.mean(v, 0) for key, v in found.items()}
        cell = lambda values: '%.1f/%.1f' % tuple(np.mean(values, 0))
        print(f'| {title} | ' + ' | '.join(cell([m for (s, _), m in means.items() if s == setting] or [(np.nan, np.nan)]) for setting in SETTINGS) + ' |')
        for name in dict.fromkeys(name for _, name in means) if each else ():
            print(f'| ... {name} | ' + ' | '.join(cell([means.get((setting, name), (np.nan, np.nan))]) for setting in SETTINGS) + ' |')
    print(flush=True)


if __name__ == '__main__':
    main()
