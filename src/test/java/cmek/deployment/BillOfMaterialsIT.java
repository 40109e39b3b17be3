package cmek.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the product, as the build's bill of materials lists it: released, licensed, and without gRPC's transports. */
class BillOfMaterialsIT {

    private static final Path BOM = Path.of(System.getProperty("cmek.bill-of-materials"));

    /** As versions say that they are not meant for use: 1.0-alpha-2, 2.0.0-beta, 3.0.RC1, 4.0-M3, 5-SNAPSHOT. */
    private static final Pattern UNRELEASED =
            Pattern.compile("(?i).*([-.]?(alpha|beta|snapshot|preview)|[-.](rc|cr|m|ea|pre)[-.]?[0-9]+).*");

    private static final Set<String> TRANSPORTS = Set.of(
            "grpc-alts",
            "grpc-googleapis",
            "grpc-inprocess",
            "grpc-netty",
            "grpc-netty-shaded",
            "grpc-okhttp",
            "grpc-services",
            "grpc-xds",
            "conscrypt-openjdk-uber");

    /** Licences that let us hand the product on; another one is for a person to read. */
    private static final Set<String> LICENCES = Set.of(
            "Apache-2.0",
            // javax.annotation's; we take the second.
            "(CDDL-1.0 OR GPL-2.0-with-classpath-exception)",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "EPL-1.0",
            "EPL-2.0",
            // re2j's, of three clauses like BSD's.
            "Go License",
            "GPL-2.0-with-classpath-exception",
            "MIT",
            "MIT-0");

    @Test
    void everythingInTheProductIsReleasedAndLicensed() throws IOException {
        JsonNode bom = bom();

        assertThat(bom.path("components").findValuesAsText("name")).contains("quarkus-core", "google-cloud-kms");
        assertThat(faults(bom)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "some-library,1.0-SNAPSHOT,MIT,some-library 1.0-SNAPSHOT is not released",
        "some-library,2.0.0-beta.3,MIT,some-library 2.0.0-beta.3 is not released",
        "some-library,1.58.0-alpha,MIT,some-library 1.58.0-alpha is not released",
        "some-library,3.0.0.RC1,MIT,some-library 3.0.0.RC1 is not released",
        "some-library,4.0-M3,MIT,some-library 4.0-M3 is not released",
        "some-library,1.0,AGPL-3.0-only,some-library 1.0 is under none of the licences we know: [AGPL-3.0-only]",
        "grpc-netty-shaded,1.79.0,Apache-2.0,grpc-netty-shaded 1.79.0 is a transport of gRPC"
    })
    void whatDoesNotBelongIsFound(String name, String version, String licence, String fault) throws IOException {
        JsonNode bom = bom();
        ObjectNode component = ((ArrayNode) bom.path("components")).addObject();
        component.put("name", name).put("version", version);
        component.putArray("licenses").addObject().putObject("license").put("id", licence);

        assertThat(faults(bom)).containsExactly(fault);
    }

    private static List<String> faults(JsonNode bom) {
        List<String> faults = new ArrayList<>();
        for (JsonNode component : bom.path("components")) {
            String name = component.path("name").asText();
            String named = name + " " + component.path("version").asText();
            List<String> licences = licences(component);
            if (UNRELEASED.matcher(component.path("version").asText()).matches()) {
                faults.add(named + " is not released");
            }
            if (TRANSPORTS.contains(name)) {
                faults.add(named + " is a transport of gRPC");
            }
            // Of several, any will do.
            if (licences.stream().noneMatch(LICENCES::contains)) {
                faults.add(named + " is under none of the licences we know: " + licences);
            }
        }
        return faults;
    }

    private static List<String> licences(JsonNode component) {
        List<String> licences = new ArrayList<>();
        for (JsonNode entry : component.path("licenses")) {
            JsonNode licence = entry.path("license");
            licences.add(licence.path("id")
                    .asText(licence.path("name").asText(entry.path("expression").asText())));
        }
        return licences;
    }

    private static JsonNode bom() throws IOException {
        assumeTrue(Files.exists(BOM), "there is no bill of materials: Maven makes none while it is offline");
        return new ObjectMapper().readTree(BOM.toFile());
    }
}
