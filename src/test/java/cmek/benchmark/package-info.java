/**
 * Measurements, started by {@code deployment/benchmark.sh}: one main class each, which runs the real functions in a process
 * of their own against simulated outside APIs and writes what it measured to {@code target/}. Nothing here is asserted, for
 * a machine that is busy is no defect.
 */
@NullMarked
package cmek.benchmark;

import org.jspecify.annotations.NullMarked;
