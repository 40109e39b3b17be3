package cmek.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables that Terraform sets, with the expressions they are set to, as {@code environment.tf} and the
 * host describe them. A form of words that is not understood is an error, so that nothing is passed over.
 */
final class Environment {

    private static final Path TERRAFORM = Path.of("terraform");
    private static final Pattern VARIABLE = Pattern.compile("([A-Z][A-Z0-9_]*) *= (.*)");
    private static final Pattern PART =
            Pattern.compile("(?:(?<condition>.+?) \\? )?(?<value>local\\.\\w+|\\{ .+? })(?: : \\{})?,");
    private static final Pattern NAME_IN = Pattern.compile("contains\\(\\[(\"\\w+\"(?:, \"\\w+\")*)], name\\)");
    private static final Pattern NAME_IS = Pattern.compile("name == \"(\\w+)\"");

    private Environment() {}

    /** The variables of every function on a host, {@code functions} or {@code cloud-run}. */
    static Map<String, Map<String, String>> of(String host) throws IOException {
        String settings = Files.readString(TERRAFORM.resolve("environment.tf"));
        Map<String, String> ofHost = ofHost(host);
        Map<String, Map<String, String>> functions = new TreeMap<>();
        functions().forEach((function, anthropic) -> {
            Map<String, String> variables = new LinkedHashMap<>();
            for (String line :
                    between(settings, "in merge(\n", "\n      )").lines().toList()) {
                Matcher part = matched(PART, line.strip());
                if (holds(part.group("condition"), function, anthropic)) {
                    variables.putAll(variables(settings, part.group("value")));
                }
            }
            variables.putAll(ofHost);
            functions.put(function, variables);
        });
        return functions;
    }

    private static Map<String, String> ofHost(String host) throws IOException {
        String text = Files.readString(TERRAFORM.resolve("host_" + host.replace('-', '_') + ".tf"));
        if (host.equals("functions")) {
            return variables(
                    "", between(text, "environment_variables            = merge(local.environment[each.key], ", ")"));
        }
        // All that a container gets is what every function gets.
        if (text.split("dynamic \"env\"", -1).length != 2
                || Pattern.compile("\\benv \\{").matcher(text).find()) {
            throw new AssertionError("the container has settings of its own");
        }
        matched(
                Pattern.compile("\\s*for_each = local\\.environment\\[each\\.key]\\s*"),
                between(text, "dynamic \"env\" {\n", "\n\n"));
        return Map.of();
    }

    private static Map<String, String> variables(String settings, String value) {
        String body = value.startsWith("local.")
                ? between(settings, "  " + value.substring("local.".length()) + " = {\n", "\n  }")
                : value.substring(1, value.length() - 1);
        Map<String, String> variables = new LinkedHashMap<>();
        for (String line : body.lines().toList()) {
            Matcher variable = matched(VARIABLE, line.strip());
            variables.put(variable.group(1), variable.group(2));
        }
        return variables;
    }

    private static boolean holds(
            @org.jspecify.annotations.Nullable String condition, String function, boolean anthropic) {
        if (condition == null) {
            return true;
        }
        return switch (condition) {
            case "function.anthropic" -> anthropic;
            case "function.evidence" -> evidence(function);
            default -> {
                Matcher list = NAME_IN.matcher(condition);
                yield list.matches()
                        ? list.group(1).contains("\"" + function + "\"")
                        : matched(NAME_IS, condition).group(1).equals(function);
            }
        };
    }

    /** As functions.tf has it: whoever has a permission in the bucket. */
    private static boolean evidence(String function) {
        try {
            JsonNode granted = new ObjectMapper()
                    .readTree(TERRAFORM.resolve("permissions.json").toFile());
            return granted.path("functions")
                    .path(function)
                    .findValuesAsText("where")
                    .contains("evidence-bucket");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Each function, and whether it speaks to Anthropic. */
    private static Map<String, Boolean> functions() throws IOException {
        Map<String, Boolean> functions = new TreeMap<>();
        Pattern.compile("^    (\\w+) = \\{\\n(.*?)^    }$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(Files.readString(TERRAFORM.resolve("functions.tf")))
                .results()
                .forEach(block -> functions.put(
                        block.group(1),
                        Boolean.parseBoolean(find(Pattern.compile("anthropic +=\\s*(true|false)"), block.group(2)))));
        return functions;
    }

    private static String find(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("not found: " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new AssertionError("not understood: " + text);
        }
        return matcher;
    }

    private static String between(String text, String before, String after) {
        int from = text.indexOf(before);
        int to = text.indexOf(after, from + before.length());
        if (from < 0 || to < 0) {
            throw new AssertionError("not found: " + before.strip());
        }
        return text.substring(from + before.length(), to);
    }
}
