package cmek.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.cloud.kms.v1.CryptoKeyVersion.CryptoKeyVersionAlgorithm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cloud KMS' enums: words in JSON, numbers where a client asks for them, either in a request.
 *
 * @see <a href="https://github.com/googleapis/googleapis/blob/master/google/cloud/kms/v1/resources.proto">resources</a>
 */
final class KmsEnum {

    /** Enum by the field that bears it; no two enums of the API share a field name. */
    private static final Map<String, Map<String, Integer>> NUMBERS = Map.of(
            "purpose",
            Map.of(
                    "ENCRYPT_DECRYPT", 1,
                    "ASYMMETRIC_SIGN", 5,
                    "ASYMMETRIC_DECRYPT", 6,
                    "RAW_ENCRYPT_DECRYPT", 7,
                    "MAC", 9,
                    "KEY_ENCAPSULATION", 10),
            "protectionLevel",
            Map.of("SOFTWARE", 1, "HSM", 2, "EXTERNAL", 3, "EXTERNAL_VPC", 4, "HSM_SINGLE_TENANT", 5),
            "algorithm",
            algorithms(),
            "state",
            Map.of(
                    "ENABLED", 1,
                    "DISABLED", 2,
                    "DESTROYED", 3,
                    "DESTROY_SCHEDULED", 4,
                    "PENDING_GENERATION", 5,
                    "PENDING_IMPORT", 6,
                    "IMPORT_FAILED", 7,
                    "GENERATION_FAILED", 8));

    private KmsEnum() {}

    private static Map<String, Integer> algorithms() {
        Map<String, Integer> algorithms = new TreeMap<>();
        for (CryptoKeyVersionAlgorithm algorithm : CryptoKeyVersionAlgorithm.values()) {
            if (algorithm != CryptoKeyVersionAlgorithm.UNRECOGNIZED && algorithm.getNumber() != 0) {
                algorithms.put(algorithm.name(), algorithm.getNumber());
            }
        }
        return Map.copyOf(algorithms);
    }

    /** Fields that bear enums, and the words of each with their numbers. */
    static Map<String, Map<String, Integer>> numbers() {
        return NUMBERS;
    }

    static boolean isWord(String field, String word) {
        return words(field).containsKey(word);
    }

    /** The word that a request means; empty when the field is missing or unspecified. */
    static String read(JsonNode parent, String field) {
        JsonNode value = parent.path(field);
        if (value.isMissingNode() || value.isNull() || (value.isInt() && value.asInt() == 0)) {
            return "";
        }
        for (Map.Entry<String, Integer> word : words(field).entrySet()) {
            if (value.isInt()
                    ? value.asInt() == word.getValue()
                    : value.asText().equals(word.getKey())) {
                return word.getKey();
            }
        }
        if (value.asText().endsWith("_UNSPECIFIED")) {
            return "";
        }
        throw GoogleFailure.invalidArgument("Invalid value at '" + field + "': " + value);
    }

    /** Replaces every word in an answer by its number. */
    static void toNumbers(JsonNode node) {
        if (node instanceof ObjectNode object) {
            List<String> fields = new ArrayList<>();
            object.fieldNames().forEachRemaining(fields::add);
            for (String field : fields) {
                // A label may bear the name of an enum's field.
                Integer number = field.equals("labels")
                        ? null
                        : NUMBERS.getOrDefault(field, Map.of())
                                .get(object.path(field).asText());
                if (number != null) {
                    object.put(field, number);
                } else if (!field.equals("labels")) {
                    toNumbers(object.path(field));
                }
            }
        } else {
            node.forEach(KmsEnum::toNumbers);
        }
    }

    private static Map<String, Integer> words(String field) {
        return NUMBERS.getOrDefault(field, Map.of());
    }
}
