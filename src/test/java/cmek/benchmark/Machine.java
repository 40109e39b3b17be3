package cmek.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The machine and its processes, as Linux tells of them. */
final class Machine {

    private static final double TICKS_A_SECOND = 100;

    private Machine() {}

    static String description() {
        return Runtime.getRuntime().availableProcessors() + " cores, "
                + field(Path.of("/proc/cpuinfo"), "model name") + ", "
                + Long.parseLong(field(Path.of("/proc/meminfo"), "MemTotal").replaceAll("[^0-9]", "")) / 1_000_000
                + " GB, Linux " + System.getProperty("os.version");
    }

    /** The most memory that a process ever had resident, in MB. */
    static double peakResident(long pid) {
        return megabytes(pid, "VmHWM");
    }

    /** The memory that a process has resident, in MB. */
    static double resident(long pid) {
        return megabytes(pid, "VmRSS");
    }

    /** What a process has used of the CPU, in seconds. */
    static double cpuSeconds(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_A_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static double megabytes(long pid, String name) {
        String kibibytes = field(Path.of("/proc/" + pid + "/status"), name).replaceAll("[^0-9]", "");
        return Long.parseLong(kibibytes) * 1024 / 1e6;
    }

    private static String field(Path file, String name) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(name))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("0");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
