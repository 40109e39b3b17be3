package cmek.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    @Test
    void idsAreWrittenAsTheyCame() {
        assertThat(new WorkspaceId("wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ")).hasToString("wrkspc_01JwQvzr7rXLA5AGx3HKfFUJ");
        assertThat(new ExternalKeyId("ekey_01JwQvzr7rXLA5AGx3HKfFUJ")).hasToString("ekey_01JwQvzr7rXLA5AGx3HKfFUJ");
        assertThat(new OrganizationId("3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13"))
                .hasToString("3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "wrkspc_",
                "ekey_01",
                "WRKSPC_01",
                "wrkspc_a/b",
                "wrkspc_..",
                "wrkspc_a\n",
                "wrkspc_a?b",
                " wrkspc_a"
            })
    void whatIsNoWorkspaceIdIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkspaceId(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ekey_", "wrkspc_01", "ekey_a/validate", "ekey_a\n", "ekey_%2e", "default"})
    void whatIsNoExternalKeyIdIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ExternalKeyId(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "org_01JwQvzr7rXLA5AGx3HKfFUJ",
                "3F9A1C52-7B8E-4D21-9C60-5A4E8F2B7D13",
                "3f9a1c527b8e4d219c605a4e8f2b7d13",
                "{3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13}",
                "3f9a1c52-7b8e-4d21-9c60-5a4e8f2b7d13\n"
            })
    void whatIsNoBareUuidInLowerCaseIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new OrganizationId(text));
    }

    @Test
    void aPathIsTooLongForAnId() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkspaceId("wrkspc_" + "a".repeat(65)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ExternalKeyId("ekey_" + "a".repeat(65)));
    }
}
