package cmek.client.anthropic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The Admin API's objects as they are on the wire, as far as we read them; any field may be missing. */
final class AdminApiJson {

    private AdminApiJson() {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Organization(@Nullable String id) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Page(
            @Nullable List<@Nullable Key> data,
            @JsonProperty("next_page") @Nullable String nextPage) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Key(
            @Nullable String id,
            @JsonProperty("display_name") @Nullable String displayName,
            @JsonProperty("created_at") @Nullable String createdAt,
            @JsonProperty("attachment") @Nullable State attachment,
            @JsonProperty("user_profile_id") @Nullable String userProfileId,
            @Nullable String geo,
            @JsonProperty("provider_config") @Nullable Provider provider) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record State(@Nullable String type) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Provider(
            @Nullable String type,
            @JsonProperty("key_name") @Nullable String keyName) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Validated(@Nullable String status, @Nullable String error) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record WorkspaceJson(
            @Nullable String id,
            @Nullable String name,
            @JsonProperty("archived_at") @Nullable String archivedAt,
            @JsonProperty("external_key_id") @Nullable String externalKeyId,
            @JsonProperty("user_profile_id") @Nullable String userProfileId,
            @JsonProperty("data_residency") @Nullable JsonNode dataResidency,

            @JsonProperty("inference_data_retention") @Nullable
            JsonNode inferenceDataRetention) {}

    @RegisterForReflection
    @JsonIgnoreProperties(ignoreUnknown = true)
    record WorkspacePageJson(
            @Nullable List<@Nullable WorkspaceJson> data,
            @JsonProperty("last_id") @Nullable String lastId,
            @JsonProperty("has_more") @Nullable Boolean hasMore) {}
}
