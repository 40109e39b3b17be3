package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** As much of a Cloud KMS as Anthropic's round trip needs: one key, whose cipher turns every bit over. */
final class TinyKms implements Simulator {

    static final String KEY = "projects/demo-proj/locations/us-east5/keyRings/demo-ring/cryptoKeys/demo-key";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> calls = new ArrayList<>();
    final ObjectNode key =
            JsonNodeFactory.instance.objectNode().put("name", KEY).put("purpose", "ENCRYPT_DECRYPT");
    UnaryOperator<byte[]> decryption = TinyKms::turnedOver;
    long checksumOff;
    Runnable duringEncrypt = () -> {};

    TinyKms(String organizationId) {
        key.putObject("versionTemplate").put("algorithm", "GOOGLE_SYMMETRIC_ENCRYPTION");
        key.putObject("labels").put("anthropic-org-" + organizationId, "true");
    }

    List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public Reply answer(Call call) {
        calls.add(call.method() + " " + call.path());
        if (!call.header("x-simulated-principal").orElse("").equals(KeyRoundTrip.PRINCIPAL)) {
            return GoogleReply.error(403, "PERMISSION_DENIED", "not you");
        }
        String verb = call.path().replace("/v1/" + KEY, "");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        switch (call.method() + verb) {
            case "GET" -> body = key;
            case "POST:encrypt" -> {
                duringEncrypt.run();
                body.put("verifiedPlaintextCrc32c", true);
                put(body, "ciphertext", turnedOver(taken("plaintext", call)));
            }
            case "POST:decrypt" -> put(body, "plaintext", decryption.apply(taken("ciphertext", call)));
            default -> {
                return GoogleReply.error(404, "NOT_FOUND", "no such key");
            }
        }
        return Reply.json(200, body.toString());
    }

    private static byte[] taken(String field, Call call) {
        try {
            JsonNode body = JSON.readTree(call.text());
            byte[] bytes = Base64.getDecoder().decode(body.path(field).asText());
            if (body.path(field + "Crc32c").asLong() != crc32c(bytes)) {
                throw new IllegalArgumentException("wrong checksum");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void put(ObjectNode body, String field, byte[] bytes) {
        body.put(field, new String(Base64.getEncoder().encode(bytes), UTF_8))
                .put(field + "Crc32c", String.valueOf(crc32c(bytes) + checksumOff));
    }

    private static long crc32c(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return crc.getValue();
    }

    private static byte[] turnedOver(byte[] bytes) {
        byte[] turned = bytes.clone();
        for (int i = 0; i < turned.length; i++) {
            turned[i] ^= (byte) 0xff;
        }
        return turned;
    }
}
