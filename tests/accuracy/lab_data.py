# SPDX-License-Identifier: MIT
"""What lab.py learns from and judges on: exported real sets, and sets generated here. A loader yields, one set at a time,
(group, set, [(seed, setting, train, test, labels)])."""
import json
import zlib

import numpy as np

SETTINGS = ('clean train', 'clean detect', 'dirty')                # trim 0; trim .3 on the same split; trim .3 on all rows


def load(folder, seeds):
    """The sets that `run.mjs --export` wrote."""
    sets = {}
    for entry in json.loads((folder / 'index.json').read_text()):
        if entry['seed'] < seeds:
            sets.setdefault((entry['group'], entry['set']), []).append(entry)
    for (group, name), entries in sets.items():
        cases = []
        for e in entries:
            table = lambda part: np.fromfile(folder / f"{e['name']}.{part}.f64", '<f8').reshape(-1, e['columns'])
            cases += settings(e['seed'], e['kind'], table('train'), table('test'), np.fromfile(folder / f"{e['name']}.labels.u8", np.uint8))
        yield group, name, cases


def settings(seed, kind, train, test, labels):
    wanted = SETTINGS[:2] if kind == 'clean' else SETTINGS[2:]
    return [(seed, setting, train, test, labels) for setting in wanted]


def made(seeds):
    """Ten generated sets: four kinds of anomaly in one correlated cloud, four among eight clusters, two with awkward columns."""
    kinds = ['local', 'global', 'dependency', 'clustered']
    recipes = [(k, 1, 'plain') for k in kinds] + [(k, 8, 'plain') for k in kinds] + [('dependency', 1, 'counts'), ('local', 1, 'heavy')]
    for kind, clusters, shape in recipes:
        name, cases = f'{kind}-{clusters}-{shape}', []
        for seed in range(seeds):
            rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
            normal, strange = generate(rng, kind, clusters, shape)
            half = len(normal) // 2
            rest = np.r_[normal[half:], strange]
            cases += settings(seed, 'clean', normal[:half], rest, np.r_[np.zeros(len(normal) - half), np.ones(len(strange))])
            every = np.r_[normal, strange]
            cases += settings(seed, 'dirty', every, every, np.r_[np.zeros(len(normal)), np.ones(len(strange))])
        yield 'made', name, cases


def shares(seeds):
    """Dirty tables with ever more anomalies: five per cent to one half."""
    for kind in ('local', 'global', 'dependency', 'clustered'):
        for clusters in (1, 8):
            for share in (.05, .2, .3, .4, .5):
                name, cases = f'{kind}, {clusters} clusters, {share:.0%}', []
                for seed in range(seeds):
                    rng = np.random.default_rng([seed, zlib.crc32(name.encode())])
                    every = np.concatenate(generate(rng, kind, clusters, 'plain', round(1200 * (1 - share)), round(1200 * share)))
                    cases += settings(seed, 'dirty', every, every, (np.arange(1200) >= round(1200 * (1 - share))).astype(int))
                yield 'shares', name, cases


def generate(rng, kind, clusters, shape, n=1800, m=200, d=12):
    centres = rng.normal(0, 4 if clusters > 1 else 0, (clusters, d))
    loads = rng.normal(0, 1, (clusters, 4, d))

    def cloud(count, spread=1., centre=centres):
        k = rng.integers(0, clusters, count)
        latent = rng.normal(0, 1, (count, 4))
        x = np.einsum('ij,ijk->ik', latent + .3 * latent ** 2, loads[k]) + rng.normal(0, .4, (count, d))
        return centre[k] + spread * x

    normal = cloud(n)
    if kind == 'local':                                       # the same shape, wider
        strange = cloud(m, 2.)
    elif kind == 'global':                                    # anywhere in the box
        strange = rng.uniform(normal.min(0), normal.max(0), (m, d))
    elif kind == 'dependency':                                # every column as usual, the relation gone
        strange = np.stack([rng.permutation(column)[:m] for column in normal.T], 1)
    else:                                                     # a small cloud of its own
        strange = cloud(m, .5, centres + 3 * rng.choice([-1, 1], d))
    if shape == 'counts':
        normal, strange = np.round(normal), np.round(strange)
    if shape == 'heavy':
        normal, strange = np.sinh(normal / 2), np.sinh(strange / 2)
    return normal, strange
