package cmek.scan.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page in a real browser: Chromium without a window, where it is installed. */
class RenderedReportTest {

    private static final Pattern PROBED = Pattern.compile("data-probe=\"([^\"]*)\"");
    private static Optional<Path> chromium = Optional.empty();

    @SuppressWarnings("NullAway.Init")
    @TempDir
    Path folder;

    @BeforeAll
    static void findBrowser() {
        chromium = Stream.of("chromium", "chromium-browser", "google-chrome")
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(directory -> Path.of(directory, name)))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "no chromium on the PATH (apt-get install chromium)");
    }

    @Test
    void theTableFiltersByWords() throws Exception {
        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "var box = document.getElementById('find'); box.value = 'LEDGER destroy';"
                                + "box.dispatchEvent(new Event('input'));"
                                + "probe(visible() + ' ' + shown.textContent)"))
                .isEqualTo("store 1 of 27 keys");
    }

    /** What an alert carries leads to the key, in the cards as in the table. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "projects/acme-kms-prod/locations/us-east5/keyRings/anthropic/cryptoKeys/gateway",
                "ekey_01gateway",
                "wrkspc_01gateway",
                "Model gateway",
                "binding_missing"
            })
    void whatIsLookedForIsFoundInCardsAndTableAlike(String words) throws Exception {
        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "var box = document.getElementById('find'); box.value = '" + words + "';"
                                + "box.dispatchEvent(new Event('input'));"
                                + "var cards = Array.prototype.filter.call(document.querySelectorAll('.cause li'),"
                                + " function (li) { return li.getClientRects().length; })"
                                + ".map(function (li) { return li.dataset.key; });"
                                + "probe(visible() + ' ' + Array.from(new Set(cards)).join())"))
                .isEqualTo("gateway ekey_01gateway");
    }

    @Test
    void aReasonHidesTheOtherCauses() throws Exception {
        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "document.getElementById('reason').value = 'VALIDATION_FAILED';"
                                + "document.getElementById('reason').dispatchEvent(new Event('change'));"
                                + "probe(visible() + ' ' + document.querySelectorAll('.cause:not([hidden])').length)"))
                .isEqualTo("store 1");
    }

    @Test
    void allCommandsOfACauseAreCopied() throws Exception {
        assertThat(probe(
                        ReportSample.html(ReportSample.estate(400, 300)),
                        "var cause = document.querySelector('.cause[data-reason=LABEL_MISSING]');var written;"
                                + " Object.defineProperty(navigator, 'clipboard', { value: { writeText: function"
                                + " (text) { written = text; return Promise.resolve(); } }"
                                + " });cause.querySelector('.copy').click(); var text = written ||"
                                + " cause.copied;var lines = text.trim().split('\\n"
                                + "'); probe(lines.length + ' ' + cause.offsetHeight + ' ' + lines.every(function"
                                + " (line) { return line.startsWith('gcloud kms keys update '); }))"))
                .matches("300 [4-6][0-9]{2} true");
    }

    @Test
    void aLinkLeadsToAKey() throws Exception {
        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "var ids = Array.prototype.map.call(document.querySelectorAll('a[href^=\"#\"]'), function (a)"
                                + " { return a.getAttribute('href').slice(1); });probe(ids.filter(function (id) { return"
                                + " !document.getElementById(id); }).length + ' ' +"
                                + " document.getElementById('ekey_01gateway').tagName)"))
                .isEqualTo("0 TR");
    }

    /** Of the browser's time this counts what passes until everything can be read; a busy machine takes several times that. */
    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"10000, 0", "10000, 10000"})
    void tenThousandKeysAreOnePage(int keys, int unlabelled) throws Exception {
        String page = ReportSample.html(ReportSample.estate(keys, unlabelled));
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(10_000_000);
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            best = Math.min(
                    best,
                    Double.parseDouble(probe(
                            page,
                            "addEventListener('load', function () { document.body.offsetHeight;"
                                    + " probe(Math.round(performance.now())); })")));
        }
        // How long it takes is told and not asserted: it is the machine's affair as well.
        System.out.println(
                "a page of " + keys + " keys, " + unlabelled + " of them down, opens within " + best + " ms");
    }

    /** What axe-core finds to keep people out, in light and dark, on a wide and on a narrow page. */
    @Tag("thorough")
    @ParameterizedTest
    @CsvSource({"1, 1280", "0, 1280", "1, 390"})
    void axeFindsNothingSerious(String scheme, int width) throws Exception {
        for (String page : List.of(
                ReportHtml.TROUBLED,
                ReportSample.html(ReportSample.calm()),
                ReportSample.html(ReportSample.estate(0, 0)),
                ReportSample.html(ReportSample.estate(60, 30)))) {
            assertThat(seriousOffences(page.replace("<main>", "<main style=\"max-width:" + width + "px\">"), scheme))
                    .isEmpty();
        }
    }

    @Tag("thorough")
    @Test
    void axeFindsAnOffence() throws Exception {
        assertThat(seriousOffences(
                        ReportHtml.TROUBLED.replace("<label>Find ", "").replace("placeholder=", "data-nothing="), "1"))
                .contains("label at #find");
    }

    private String seriousOffences(String page, String scheme) throws Exception {
        return probe(
                page,
                AxeCore.script() + ";axe.run(document, { resultTypes: ['violations'] }).then(function (found) {"
                        + " probe(found.violations.filter(function (v) { return v.impact === 'serious' ||"
                        + " v.impact === 'critical'; }).map(function (v) { return v.id + ' at ' +"
                        + " v.nodes[0].target; }).join(';')); });",
                "--virtual-time-budget=60000",
                "--blink-settings=preferredColorScheme=" + scheme);
    }

    @Test
    void theTableFiltersByStatus() throws Exception {
        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "document.getElementById('status').value ="
                                + " 'UNREACHABLE';document.getElementById('status').dispatchEvent(new"
                                + " Event('change')); probe(visible())"))
                .isEqualTo("overnight,vault");
    }

    @Test
    void theTableSortsBothWays() throws Exception {
        String name = "keys.tBodies[0].rows[0].cells[1].querySelector('a,b').textContent";

        assertThat(probe(
                        ReportHtml.TROUBLED,
                        "var head = keys.tHead.rows[0].cells[1].querySelector('button'); head.click(); var up = " + name
                                + "; head.click(); probe(up + ' ' + " + name + ")"))
                .isEqualTo("archive warehouse");
    }

    @Test
    void noRequestGoesOut() throws Exception {
        assertThat(probe(ReportHtml.TROUBLED, "probe(performance.getEntriesByType('resource').length)"))
                .isEqualTo("0");
    }

    @Test
    void nothingThatCameFromOutsideRuns() throws Exception {
        String attack = "</script></style><img src=x onerror=\"window.attacked=1\"><script>window.attacked=1</script>";

        assertThat(probe(
                        ReportSample.html(ReportSample.hostile(attack)),
                        "probe(window.attacked + ' ' + document.images.length + ' ' + document.scripts.length)"))
                .isEqualTo("undefined 0 2");
    }

    @Test
    void withoutScriptsTheTableIsWholeAndTheControlsAreNotThere() throws Exception {
        // A frame in a sandbox runs no script of its own.
        assertThat(framed(
                        "sandbox=\"allow-same-origin\" width=1280",
                        "var rows = inner.querySelectorAll('#keys tbody tr');var seen ="
                                + " Array.prototype.filter.call(rows, function (r) { return"
                                + " r.getClientRects().length; });probe(seen.length + ' ' +"
                                + " inner.querySelector('.controls').getClientRects().length)"))
                .isEqualTo("27 0");
    }

    @Test
    void onAPhoneNothingSticksOut() throws Exception {
        // A window of Chromium's cannot be that narrow; a frame in it can.
        assertThat(framed(
                        "width=390",
                        "var root = inner.documentElement;"
                                + "probe(root.clientWidth > 300 && root.scrollWidth <= root.clientWidth)"))
                .isEqualTo("true");
    }

    private String framed(String attributes, String script) throws Exception {
        Path page = Files.writeString(folder.resolve("page.html"), ReportHtml.TROUBLED, StandardCharsets.UTF_8);
        return probe(
                "<!doctype html><body><iframe id=frame height=800 " + attributes + " src=\"" + page.getFileName()
                        + "\"></iframe>",
                "window.onload = function () { var inner = frame.contentDocument;" + script + "}",
                "--allow-file-access-from-files");
    }

    @Test
    void whatIsReadStandsOutFromItsGroundInLightAndDark() throws Exception {
        for (String scheme : List.of("1", "0")) {
            assertThat(Double.parseDouble(
                            probe(ReportHtml.TROUBLED, CONTRAST, "--blink-settings=preferredColorScheme=" + scheme)))
                    .as("least contrast in scheme %s", scheme)
                    .isGreaterThanOrEqualTo(4.5);
        }
    }

    @Test
    void theDarkPageIsDarkAndTheLightOneLight() throws Exception {
        String ground = "probe(getComputedStyle(document.body).backgroundColor)";

        assertThat(probe(ReportHtml.TROUBLED, ground, "--blink-settings=preferredColorScheme=0"))
                .isEqualTo("rgb(21, 23, 24)");
        assertThat(probe(ReportHtml.TROUBLED, ground, "--blink-settings=preferredColorScheme=1"))
                .isEqualTo("rgb(251, 251, 250)");
    }

    @Test
    void theBarIsPaintedInTheColoursOfItsCounts() throws Exception {
        Path picture = folder.resolve("picture.png");
        Path page = Files.writeString(folder.resolve("page.html"), ReportHtml.TROUBLED, StandardCharsets.UTF_8);
        run("--window-size=1280,1000", "--screenshot=" + picture, page.toUri().toString());

        var image = ImageIO.read(picture.toFile());
        boolean[] seen = new boolean[3];
        int[] colours = {0xb3261e, 0x8a5a00, 0x256b4d};
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                for (int i = 0; i < colours.length; i++) {
                    seen[i] |= (image.getRGB(x, y) & 0xffffff) == colours[i];
                }
            }
        }
        assertThat(seen).containsExactly(true, true, true);
    }

    /** The least ratio of text to what is behind it, as WCAG defines it. */
    private static final String CONTRAST = """
        function light(rgb) {
          var c = rgb.match(/[0-9.]+/g).slice(0, 3).map(function (v) {
            v = v / 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); });
          return 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2];
        }
        function ground(e) {
          for (; e; e = e.parentElement) {
            var c = getComputedStyle(e).backgroundColor;
            if (c !== 'rgba(0, 0, 0, 0)') { return c; }
          }
          return 'rgb(255, 255, 255)';
        }
        var least = 99;
        document.querySelectorAll('main *').forEach(function (e) {
          var own = Array.prototype.some.call(e.childNodes, function (n) { return n.nodeType === 3 && n.data.trim(); });
          if (own && e.getClientRects().length && e.tagName !== 'TITLE' && e.tagName !== 'OPTION') {
            var a = light(getComputedStyle(e).color), b = light(ground(e));
            least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
          }
        });
        probe(least.toFixed(2));
        """;

    /** A page that several tests look at. */
    private static final class ReportHtml {
        static final String TROUBLED = ReportSample.html(ReportSample.troubled(20));
    }

    /** Runs a script at the end of the page and returns what it gives to {@code probe}. */
    private String probe(String page, String script, String... flags) throws Exception {
        String probing = page + "<script>function probe(value) { document.documentElement.dataset.probe = value; }\n"
                + "function visible() { return"
                + " Array.prototype.filter.call(document.getElementById('keys').tBodies[0].rows,"
                + " function (row) { return row.getClientRects().length; }).map(function (row) { return"
                + " row.cells[1].querySelector('a,b').textContent; }).join();"
                + " }\n" + script + "</script>";
        String dom = dom(probing, 1280, flags);
        Matcher matcher = PROBED.matcher(dom);
        assertThat(matcher.find()).as("the script ran to its end").isTrue();
        return matcher.group(1);
    }

    private String dom(String page, int width, String... flags) throws Exception {
        Path file = Files.writeString(folder.resolve("probed.html"), page, StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of(
                "--window-size=" + width + ",1000", "--dump-dom", file.toUri().toString()));
        return run(all.toArray(String[]::new));
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                chromium.orElseThrow().toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--user-data-dir=" + Files.createTempDirectory(folder, "profile")));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output.txt");
        Process browser = new ProcessBuilder(command)
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(browser.waitFor(120, TimeUnit.SECONDS))
                    .as("the browser ended")
                    .isTrue();
        } finally {
            browser.destroyForcibly();
        }
        return Files.readString(output, StandardCharsets.UTF_8);
    }
}
