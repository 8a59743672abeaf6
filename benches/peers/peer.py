"""The other side of `cargo xtask parity`: fits what `peers prepare` wrote with packages from PyPI.

usage: peer.py als|bpr|ratings DIR SEED THREADS

als, bpr: writes the vectors for `peers judge`, prints `seconds S` and, by the package's own
evaluation, `own precision P ndcg N`. ratings: prints `seconds S`, `rmse R`, `mae M`.
"""

import os
import sys

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit asks for

import json
import time
from pathlib import Path

import numpy as np
import scipy.sparse as sp


def read(path):
    table = np.loadtxt(path, dtype=np.float64, ndmin=2)
    shape = tuple(table[0, :2].astype(int))
    rows, items = table[1:, 0].astype(np.int32), table[1:, 1].astype(np.int32)
    values = table[1:, 2].astype(np.float32)
    return sp.csr_matrix((values, (rows, items)), shape=shape)


def fit_implicit(name, folder, seed, threads):
    from implicit.als import AlternatingLeastSquares
    from implicit.bpr import BayesianPersonalizedRanking
    from implicit.evaluation import ranking_metrics_at_k

    settings = json.loads((folder / "settings.json").read_text())
    own, shared = settings[name], dict(factors=settings["factors"], random_state=seed)
    train, held = read(folder / "events-train.tsv"), read(folder / "events-held.tsv")
    if name == "als":
        # Its cells hold the confidence itself.
        train.data = (1 + own["confidence"] * train.data).astype(np.float32)
        model = AlternatingLeastSquares(
            alpha=1.0, regularization=own["ridge"], iterations=own["epochs"],
            num_threads=threads, use_gpu=False, **shared)
    else:
        model = BayesianPersonalizedRanking(
            learning_rate=own["rate"], regularization=own["ridge"], iterations=own["epochs"],
            num_threads=threads, use_gpu=False, **shared)
    started = time.perf_counter()
    model.fit(train, show_progress=False)
    print(f"seconds {time.perf_counter() - started:.3f}")
    for part, matrix in [("rows", model.user_factors), ("items", model.item_factors)]:
        np.ascontiguousarray(matrix, dtype="<f4").tofile(folder / f"{name}-implicit-{part}.f32")
    metrics = ranking_metrics_at_k(model, train, held, K=10, show_progress=False)
    print(f"own precision {metrics['precision']:.5f} ndcg {metrics['ndcg']:.5f}")


def fit_ratings(folder, seed):
    from surprise import SVD, Dataset, Reader
    import pandas as pd

    settings = json.loads((folder / "settings.json").read_text())
    own = settings["ratings"]

    def triples(name):
        cells = read(folder / name).tocoo()
        return pd.DataFrame({"user": cells.row, "item": cells.col, "rating": cells.data})

    train, held = triples("ratings-train.tsv"), triples("ratings-held.tsv")
    scale = Reader(rating_scale=(-1e6, 1e6))
    model = SVD(n_factors=settings["factors"], n_epochs=own["epochs"], lr_all=own["rate"],
                reg_all=own["ridge"], random_state=seed)
    started = time.perf_counter()
    model.fit(Dataset.load_from_df(train, scale).build_full_trainset())
    print(f"seconds {time.perf_counter() - started:.3f}")
    errors = np.array([model.predict(u, i).est - r for u, i, r in held.itertuples(index=False)])
    print(f"rmse {np.sqrt(np.mean(errors ** 2)):.5f}")
    print(f"mae {np.mean(np.abs(errors)):.5f}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    name, folder, seed, threads = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    if name == "ratings":
        fit_ratings(folder, seed)
    else:
        fit_implicit(name, folder, seed, threads)
