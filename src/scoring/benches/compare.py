#!/usr/bin/env python3
"""How much longer other programs take for the same work: python3 src/scoring/benches/compare.py

Runs our bench `compare`, which writes its inputs, and gives the same inputs to the packages that a laboratory would take otherwise. What is not
installed is named and left out: pip install numpy scikit-learn krippendorff lifelines pygamma-agreement PyRQA (which needs an OpenCL driver,
pocl-binary-distribution for instance). pygamma-agreement is slower without the solver CBC. BORIS is a window: its kappa cannot be run from here.

Both sides are timed with their data in memory, in the form that each of them takes, ours in one thread; the median of several runs. A ratio is
theirs through ours in this one run. What both compute is compared too: a difference ends the script with an error.
"""

import importlib
import importlib.metadata
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
import warnings

REPOSITORY = os.path.join(os.path.dirname(os.path.abspath(__file__)), *[os.pardir] * 3)


def main():
    with tempfile.TemporaryDirectory() as folder:
        ours = run_ours(folder)
        keep_packages_quiet()
        print(f"{'workload':<12} {'package':<18} {'version':<8} {'ours':>13} {'theirs':>13} {'ratio':>7}  values, ours and theirs")
        wrong = [name for name, theirs in THEIRS.items() if not compare(name, theirs, ours[name], folder)]
    if wrong:
        sys.exit(f"different values: {', '.join(wrong)}")


def keep_packages_quiet():
    """What they or their solvers print would stand between the lines of the table."""
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    sys.stdout = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def run_ours(folder):
    """What our bench prints, by workload."""
    command = ["cargo", "bench", "--quiet", "-p", "attunement-scoring", "--bench", "compare", "--", folder]
    printed = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, check=True, text=True).stdout
    lines = [json.loads(line) for line in printed.splitlines() if line.startswith("{")]
    return {line["workload"]: line for line in lines}


def compare(name, theirs, ours, folder):
    """Prints a line; are the values the same?"""
    package, modules, prepare = theirs
    start = f"{name:<12} {package:<18}"
    try:
        modules = [importlib.import_module(module) for module in modules]
        with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as file:
            run, values_of = prepare(json.load(file), *modules)
        secs, result = median_time(run)
    except Exception as error:  # a package that is missing, or that lacks a driver
        print(f"{start} {'':<8} {in_ms(ours['secs'])} {'skipped':>13}: {type(error).__name__}: {error}")
        return True
    values = [(value, ours["values"][value], got, allowed) for value, got, allowed in values_of(result)]
    same = all(abs(one - other) <= allowed for _, one, other, allowed in values)
    shown = ", ".join(f"{value} {one:.9g} {other:.9g}" for value, one, other, _ in values)
    version = importlib.metadata.version(package)
    print(f"{start} {version:<8} {in_ms(ours['secs'])} {in_ms(secs)} {secs / ours['secs']:>7.0f}  {shown}{'' if same else ', DIFFERENT'}")
    return same


def in_ms(secs):
    return f"{secs * 1000:>10.3f} ms"


def median_time(run):
    """The median of seven runs, or of as many as fit into 20 seconds, and the last one's result."""
    times = []
    result = run()  # what is loaded or compiled at the first run is not timed
    while len(times) < 7 and sum(times) < 20:
        start = time.perf_counter()
        result = run()
        times.append(time.perf_counter() - start)
    return sorted(times)[len(times) // 2], result


# For each workload a function of its inputs and the package's modules. It gives what is timed, and what reads a result: its values, each with
# the difference from ours that is allowed.


def kappa(inputs, metrics, numpy):
    a, b = numpy.array([pair for pair in zip(inputs["a"], inputs["b"]) if None not in pair]).T.copy()
    return lambda: metrics.cohen_kappa_score(a, b), lambda kappa: [("kappa", kappa, 1e-9)]


def alpha(inputs, krippendorff, numpy):
    data = numpy.array([inputs["a"], inputs["b"]], dtype=float)  # None is NaN: missing
    run = lambda: krippendorff.alpha(reliability_data=data, level_of_measurement="nominal")
    return run, lambda alpha: [("alpha", alpha, 1e-9)]


def gamma(inputs, pygamma, segments, numpy):
    continuum = pygamma.Continuum()
    for coder, units in enumerate(inputs["coders"]):
        for start, end, code in units:
            continuum.add(str(coder), segments.Segment(start, end), str(code))
    unlike = pygamma.CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    numpy.random.seed(1)
    run = lambda: continuum.compute_gamma(unlike, n_samples=inputs["samples"])
    # it computes in single precision; and both draw chance: of 200 units 30 samples give the same to .05
    values = lambda found: [("observed disorder", float(found.observed_disorder), 1e-5), ("gamma, by chance", float(found.gamma), 0.05)]
    return run, values


def recurrence(inputs, computation, settings, series, types, neighbourhood, metric):
    both = [series.TimeSeries(inputs[name], embedding_dimension=1, time_delay=1) for name in ("x", "y")]
    how = settings.Settings(
        tuple(both),
        analysis_type=types.Cross,
        neighbourhood=neighbourhood.FixedRadius(0.5),
        similarity_measure=metric.EuclideanMetric,
        theiler_corrector=0,
    )

    def values(found):
        found.min_diagonal_line_length = found.min_vertical_line_length = 2
        yield "RR", float(found.recurrence_rate), 1e-5
        yield "DET", float(found.determinism), 1e-5
        yield "LAM", float(found.laminarity), 1e-5
        yield "ENTR", float(found.entropy_diagonal_lines), 1e-5

    return lambda: computation.RQAComputation.create(how, verbose=False).run(), values


def windowed(inputs, numpy):
    x, y = numpy.array(inputs["x"]), numpy.array(inputs["y"])
    window, max_lag = inputs["window"], inputs["max_lag"]
    late = numpy.arange(max_lag, len(x) - window + 1)  # where the later window of each row starts

    def means(values, starts):
        total = numpy.concatenate(([0.0], numpy.cumsum(values)))
        return (total[starts + window] - total[starts]) / window

    def run():
        rows = numpy.empty((len(late), 2 * max_lag + 1))
        for column, lag in enumerate(range(-max_lag, max_lag + 1)):
            size = abs(lag)
            earlier, later = (x, y) if lag >= 0 else (y, x)
            early = late - size
            mean_early, mean_late = means(earlier, early), means(later, late)
            covariance = means(earlier[: len(x) - size] * later[size:], early) - mean_early * mean_late
            variances = (means(earlier**2, early) - mean_early**2) * (means(later**2, late) - mean_late**2)
            rows[:, column] = covariance / numpy.sqrt(variances)
        return rows

    return run, lambda rows: [("mean |z|", numpy.abs(numpy.arctanh(rows)).mean(), 1e-9)]


def shifts(inputs, numpy):
    x, y = numpy.array(inputs["x"]), numpy.array(inputs["y"])
    max_lag, size = inputs["max_lag"], 1 << (len(x) + inputs["max_lag"] - 1).bit_length()
    x, y = x - x.mean(), y - y.mean()
    spread = numpy.sqrt((x**2).sum() * (y**2).sum())
    first = numpy.conj(numpy.fft.rfft(x, size))

    def largest(y):
        products = numpy.fft.irfft(first * numpy.fft.rfft(y, size), size)
        return numpy.abs(numpy.concatenate((products[: max_lag + 1], products[-max_lag:]))).max() / spread

    def run():
        return largest(y), numpy.array([largest(numpy.roll(y, shift)) for shift in inputs["shifts"]])

    def values(result):
        observed, surrogates = result
        p = (1 + (surrogates >= observed - 1e-12).sum()) / (1 + len(surrogates))
        return [("observed", observed, 1e-9), ("mean", surrogates.mean(), 1e-9), ("p", p, 1e-9)]

    return run, values


def survival(inputs, lifelines, numpy):
    times, events = numpy.array(inputs["times"]), numpy.array(inputs["events"])

    def values(fitted):
        yield "median", float(fitted.median_survival_time_), 1e-9
        yield "S(20 s)", float(fitted.survival_function_at_times(20.0).iloc[0]), 1e-9

    return lambda: lifelines.KaplanMeierFitter().fit(times, events), values


PYRQA = ["computation", "settings", "time_series", "analysis_type", "neighbourhood", "metric"]
THEIRS = {
    "kappa": ("scikit-learn", ["sklearn.metrics", "numpy"], kappa),
    "alpha": ("krippendorff", ["krippendorff", "numpy"], alpha),
    "gamma": ("pygamma-agreement", ["pygamma_agreement", "pyannote.core", "numpy"], gamma),
    "recurrence": ("PyRQA", [f"pyrqa.{module}" for module in PYRQA], recurrence),
    "windowed": ("numpy", ["numpy"], windowed),
    "shifts": ("numpy", ["numpy"], shifts),
    "survival": ("lifelines", ["lifelines", "numpy"], survival),
}

if __name__ == "__main__":
    main()
