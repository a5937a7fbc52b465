# SPDX-License-Identifier: MIT
"""Other detectors on the splits that run.mjs wrote, and scikit-learn's metrics of our own scores.

    python peers.py folder [peer ...]        reads folder/index.json, writes folder/peers.json

Cells are standardised by the training rows' mean and deviation, as PyOD's detectors do it themselves and the forest does
not mind. Every peer has its library's defaults; nothing is chosen by labels."""
import json
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn.decomposition import PCA
from sklearn.ensemble import IsolationForest
from sklearn.metrics import average_precision_score, roc_auc_score
from sklearn.neighbors import NearestNeighbors


def forest(train, test, seed):
    return -IsolationForest(random_state=seed).fit(train).score_samples(test)


def pca(train, test, seed):
    """Squared reconstruction error from half of the components."""
    model = PCA(max(1, train.shape[1] // 2)).fit(train)
    return ((test - model.inverse_transform(model.transform(test))) ** 2).sum(1)


def weighted_pca(train, test, seed):
    """PyOD's score: the sum of the distances to all components, each over its share of the variance."""
    model = PCA().fit(train)
    far = np.sqrt(np.maximum(((test[:, None, :] - model.components_[None]) ** 2).sum(2), 0))
    return (far / np.maximum(model.explained_variance_ratio_, 1e-12)).sum(1)


def knn(train, test, seed):
    """Distance to the fifth neighbour; a row that was trained on counts as its own first, as in PyOD's decision_function."""
    return NearestNeighbors(n_neighbors=min(5, len(train))).fit(train).kneighbors(test)[0][:, -1]


def autoencoder(train, test, seed):
    import torch
    from pyod.models.auto_encoder import AutoEncoder

    torch.set_num_threads(1)
    model = AutoEncoder(random_state=seed, device='cpu', verbose=0)
    model.fit(train.astype(np.float32))
    return model.decision_function(test.astype(np.float32))


PEERS = {'forest': forest, 'pca': pca, 'weighted pca': weighted_pca, 'knn': knn, 'autoencoder': autoencoder}


def measure(labels, scores):
    return {'auroc': float(roc_auc_score(labels, scores)), 'averagePrecision': float(average_precision_score(labels, scores))}


def main():
    warnings.filterwarnings('ignore')
    folder, wanted = Path(sys.argv[1]), sys.argv[2:]
    results, checks = [], []
    for entry in json.loads((folder / 'index.json').read_text()):
        read = lambda part, kind: np.fromfile(folder / f"{entry['name']}.{part}", kind)
        labels = read('labels.u8', np.uint8)
        for file in sorted(folder.glob(f"{entry['name']}.*.scores.f64")):
            checks.append({'file': file.name, **measure(labels, np.fromfile(file, '<f8'))})
        train, test = (read(f'{part}.f64', '<f8').reshape(-1, entry['columns']) for part in ('train', 'test'))
        centre, scale = train.mean(0), train.std(0)
        scale = np.where(scale <= 1e-12 * np.maximum(1, np.abs(centre)), 1, scale)
        for peer in wanted:
            started = time.perf_counter()
            scores = PEERS[peer]((train - centre) / scale, (test - centre) / scale, entry['seed'])
            where = {key: entry[key] for key in ('set', 'seed', 'kind')}
            results.append({'method': peer, **where, **measure(labels, scores), 'seconds': time.perf_counter() - started})
        print(entry['name'], flush=True)
    versions = {'numpy': np.__version__, 'scikit-learn': sklearn.__version__}
    for name in ('pyod', 'torch'):
        if name in sys.modules:
            versions[name] = sys.modules[name].__version__
    (folder / 'peers.json').write_text(json.dumps({'versions': versions, 'results': results, 'checks': checks}))


if __name__ == '__main__':
    main()
