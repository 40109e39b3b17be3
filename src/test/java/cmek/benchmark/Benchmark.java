package cmek.benchmark;

import java.nio.file.Path;
import java.util.List;

/** Measures; see {@code deployment/benchmark.sh}. */
public final class Benchmark {

    private Benchmark() {}

    /**
     * The command.
     *
     * @param arguments the project's folder, what to measure, how often
     */
    public static void main(String[] arguments) throws Exception {
        Built built = new Built(Path.of(arguments[0]));
        int times = Integer.parseInt(arguments[2]);
        List<Table> tables = switch (arguments[1]) {
            case "guide" -> Guide.measure(built, times);
            case "start" -> Start.measure(built, times);
            case "throughput" -> Throughput.measure(built, times);
            default -> throw new IllegalArgumentException(arguments[1]);
        };
        for (Table table : tables) {
            System.out.println(table.markdown());
        }
        Path file = built.target().resolve("benchmark-" + arguments[1] + ".json");
        Table.write(file, tables);
        System.out.println("the same as JSON: " + built.root().relativize(file));
        System.exit(0);
    }
}
