package cmek.scan.report;

import static org.assertj.core.api.Assertions.assertThat;

import cmek.fake.Sample;
import io.quarkus.qute.EvalContext;
import io.quarkus.qute.ReflectionValueResolver;
import io.quarkus.qute.ValueResolver;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReportPageTest {

    /** The name of a key in a command is no address. */
    private static final Pattern OUTSIDE = Pattern.compile(
            "(?i)(?<!<a"
                    + " href=\")https?:|(?<!https:)//(?!cloudkms\\.googleapis\\.com/projects/)[a-z]|url\\(|@import|<(img|iframe|link|object)\\b");

    @Test
    void theHeadlineSaysWhatTheScanCameTo() {
        assertThat(ReportSample.html(ReportSample.troubled(20))).contains("<h1>3 workspaces are down</h1>");
        assertThat(ReportSample.html(ReportSample.calm())).contains("<h1>No key is unhealthy</h1>");
    }

    @Test
    void oneIsSingular() {
        assertThat(ReportSample.html(ReportSample.estate(1, 1)))
                .contains("<h1>One workspace is down</h1>", "The only expected key was checked.", ">1 key</span>")
                .doesNotContain("1 keys", "1 workspaces");
        assertThat(ReportSample.html(ReportSample.estate(0, 0)))
                .contains("<h1>No key is registered</h1>", "There was nothing to check.");
    }

    @Test
    void whatIsDownComesFirstThenWhatWillBreakThenWhatShouldBeTidied() {
        String html = ReportSample.html(ReportSample.estate(15, 4));

        assertThat(html.substring(html.indexOf("<body>")))
                .containsSubsequence(
                        "id=\"workspaces-down\"",
                        "<b>search 9</b> <code>wrkspc_01JwQvzr7rXLA5AG00000009</code>",
                        "down since <time",
                        "<h2 id=\"down\"",
                        "<h2 id=\"will-break\"",
                        "destroyed in 9 days, on 3 Dec 2026, 02:00 UTC",
                        "<h2 id=\"untidy\"",
                        "id=\"changes\"",
                        "id=\"all\"");
    }

    @Test
    void aCauseIsExplainedOnceAndLinked() {
        String html = ReportSample.html(ReportSample.estate(400, 300));

        assertThat(html.split("The key does not carry the organization&#39;s label\\."))
                .hasSize(2);
        assertThat(html)
                .contains("href=\"https://git.example/cmek-onboarding/blob/main/docs/reasons.md#label_missing\"")
                .contains("Who must act: the owner of the key.");
    }

    @Test
    void ofAHealthyKeyItIsSaidWhatWasChecked() {
        assertThat(ReportSample.html(ReportSample.estate(1, 0)))
                .contains("project; key HSM, destruction delayed by 60 days; principals by the key, its key ring,"
                        + " projects/acme-kms-prod, folders/81, organizations/7; lostVersions; destruction;"
                        + " primaryVersion; versions 1-2 ENABLED; label; rotation every 90 days, next at 2027-01-21;"
                        + " bindings; roundTrip answered in 300 ms");
    }

    @Test
    void everyKeyHasItsRow() {
        String html = ReportSample.html(ReportSample.troubled(20));

        assertThat(html.split("<tr id=\"ekey_")).hasSize(1 + 27);
        assertThat(html).contains("data-status=\"HEALTHY\"", "data-status=\"UNREACHABLE\"", "data-status=\"UNUSED\"");
    }

    @Test
    void everyFindingHasItsRemedy() {
        assertThat(ReportSample.html(ReportSample.troubled(1)))
                .contains("<span>gcloud</span> <span>kms</span> <span>keys</span> <span>versions</span>"
                        + " <span>restore</span>")
                .contains("KEY_VERSION_DESTROY_SCHEDULED")
                .contains("Restored by this run: LABEL_MISSING");
    }

    @Test
    void anIncompleteScanSaysSoAndWhy() {
        assertThat(ReportSample.html(ReportSample.troubled(1)))
                .contains("the run is incomplete: what was not seen may be unhealthy")
                .contains("not all workspaces could be listed: HTTP 529");
    }

    @Test
    void noRequestGoesOut() {
        assertThat(OUTSIDE.matcher(ReportSample.html(ReportSample.troubled(3)))
                        .results()
                        .map(MatchResult::group))
                .isEmpty();
        assertThat(ReportSample.html(ReportSample.calm())).contains("default-src 'none'");
    }

    @Test
    void withoutAScriptNothingIsHiddenButTheControls() {
        String html = ReportSample.html(ReportSample.troubled(3));

        assertThat(html.substring(0, html.indexOf("<script>")).split(" hidden>"))
                .hasSize(2);
    }

    @Test
    void theSameScanIsTheSamePage() {
        assertThat(ReportSample.html(ReportSample.troubled(5))).isEqualTo(ReportSample.html(ReportSample.troubled(5)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>alert(1)</script>",
                "\"><img src=x onerror=alert(1)>",
                "' onmouseover='alert(1)",
                "</style></title></script><svg/onload=alert(1)>",
                "<!--",
                "`${alert(1)}`",
                "&lt;b&gt;"
            })
    void whatCameFromOutsideIsNothingButText(String attack) {
        String page = ReportSample.html(ReportSample.hostile(attack));
        String harmless = ReportSample.html(ReportSample.hostile(attack.replaceAll("[^ ]", "x")));

        assertThat(page).doesNotContain(attack);
        assertThat(tags(page)).isEqualTo(tags(harmless));
    }

    @Test
    void textThatTurnsTheReadingDirectionIsShownAsWhatItIs() {
        assertThat(ReportSample.html(ReportSample.hostile("\u202egnp.exe")))
                .contains("\\u202egnp.exe")
                .doesNotContain("\u202e");
    }

    /** The templates read values by reflection, of which a native executable knows only what it is told. */
    @Test
    void whatTheTemplatesAskForIsRegistered() throws IOException {
        ValueResolver reflection = new ReflectionValueResolver();
        Set<Class<?>> asked = new HashSet<>(List.of(ReportPage.class));
        RenderedReport rendering = new RenderedReport(Sample.SERVICE, new ValueResolver() {

            @Override
            public boolean appliesTo(EvalContext context) {
                return reflection.appliesTo(context);
            }

            @Override
            public CompletionStage<Object> resolve(EvalContext context) {
                asked.add(Objects.requireNonNull(context.getBase()).getClass());
                return reflection.resolve(context);
            }
        });
        rendering.html(ReportSample.troubled(20), new StringBuilder());

        Set<Class<?>> told =
                Set.of(Objects.requireNonNull(RenderedReport.class.getAnnotation(RegisterForReflection.class))
                        .targets());
        assertThat(asked)
                .hasSizeGreaterThan(5)
                .allMatch(type -> told.contains(type) || type.isAnnotationPresent(RegisterForReflection.class));
    }

    /** The page without its text: what a browser makes elements of. */
    private static String tags(String page) {
        StringBuilder tags = new StringBuilder();
        Pattern.compile("<[^>]*>")
                .matcher(page.substring(page.indexOf("<body>")))
                .results()
                .forEach(tag -> tags.append(tag.group().replaceAll("\"[^\"]*\"", "\"\"")));
        return tags.toString();
    }
}
