package cmek.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class PubSubSimulatorTest {

    private static final String PROJECT = "/v1/projects/acme-functions";
    private static final String TOPIC = "projects/acme-functions/topics/requests";
    private static final String DEAD_LETTERS = "projects/acme-functions/topics/dead-letters";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Pushed(Duration at, JsonNode envelope) {

        String text() {
            return new String(
                    Base64.getDecoder()
                            .decode(envelope.path("message").path("data").asText()),
                    UTF_8);
        }

        String messageId() {
            return envelope.path("message").path("messageId").asText();
        }
    }

    private final Journal journal = new Journal();
    private final HandTime time = new HandTime();
    private final List<Pushed> pushes = new ArrayList<>();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final PubSubSimulator pubSub = new PubSubSimulator(journal, time, time, this::push);

    @BeforeEach
    void createTopics() {
        assertThat(put("/topics/requests", "{}").status()).isEqualTo(200);
        assertThat(put("/topics/dead-letters", "{}").status()).isEqualTo(200);
    }

    @Test
    void pushCarriesTheStandardEnvelope() {
        subscribe("");

        String id = publish("{'data':'aGk=','attributes':{'a':'b'},'orderingKey':'payments'}");
        time.settle();

        assertThat(pushes).hasSize(1);
        assertThat(pushes.get(0).envelope())
                .isEqualTo(read(quoted("{'message':{'attributes':{'a':'b'},'data':'aGk=','messageId':'" + id
                        + "','message_id':'" + id + "','publishTime':'2026-11-24T08:00:00Z',"
                        + "'publish_time':'2026-11-24T08:00:00Z','orderingKey':'payments'},"
                        + "'subscription':'projects/acme-functions/subscriptions/onboard'}")));
    }

    @Test
    void anAcknowledgingStatusSettlesTheMessage() {
        subscribe("");
        answers.addAll(List.of(102, 200, 201, 202, 204));

        for (int i = 0; i < 5; i++) {
            publish("{'data':'aGk='}");
        }
        time.settle();
        assertThat(pubSub.outstanding()).isZero();

        time.pass(Duration.ofHours(1));
        assertThat(pushes).hasSize(5);
    }

    @Test
    void anyOtherStatusIsRedeliveredAfterGrowingBackoff() {
        subscribe(",'retryPolicy':{'minimumBackoff':'10s','maximumBackoff':'60s'}");
        answers.addAll(List.of(500, 404, 302, 203, -1, 204));

        String id = publish("{'data':'aGk='}");
        time.settle();
        assertThat(pubSub.outstanding()).isEqualTo(1);
        time.pass(Duration.ofHours(1));

        assertThat(pushes).extracting(pushed -> pushed.at().toSeconds()).containsExactly(0L, 10L, 30L, 70L, 130L, 190L);
        assertThat(pushes).extracting(Pushed::messageId).containsOnly(id);
        assertThat(pubSub.outstanding()).isZero();
    }

    @Test
    void withoutARetryPolicyBackoffBeginsAtATenthOfASecond() {
        subscribe("");
        answers.addAll(List.of(500, 500, 500, 204));

        publish("{'data':'aGk='}");
        time.pass(Duration.ofHours(1));

        assertThat(pushes).extracting(pushed -> pushed.at().toMillis()).containsExactly(0L, 100L, 300L, 700L);
    }

    @Test
    void afterTheLastAttemptTheMessageIsADeadLetter() {
        subscribe(",'deadLetterPolicy':{'deadLetterTopic':'" + DEAD_LETTERS + "','maxDeliveryAttempts':5}");
        answers.addAll(List.of(500, 500, 500, 500, 500));

        String id = publish("{'data':'aGk=','attributes':{'a':'b'}}");
        time.pass(Duration.ofHours(1));

        assertThat(pushes)
                .extracting(pushed -> pushed.envelope().path("deliveryAttempt").asInt())
                .containsExactly(1, 2, 3, 4, 5);
        assertThat(pubSub.outstanding()).isZero();
        assertThat(pubSub.published(DEAD_LETTERS)).hasSize(1);
        PubSubMessage letter = pubSub.published(DEAD_LETTERS).get(0);
        assertThat(letter.text()).isEqualTo("hi");
        assertThat(letter.messageId()).isNotEqualTo(id);
        assertThat(letter.attributes())
                .isEqualTo(Map.of(
                        "a", "b",
                        "CloudPubSubDeadLetterSourceDeliveryCount", "5",
                        "CloudPubSubDeadLetterSourceSubscription", "onboard",
                        "CloudPubSubDeadLetterSourceSubscriptionProject", "acme-functions",
                        "CloudPubSubDeadLetterSourceTopicPublishTime", "2026-11-24T08:00:00Z"));
    }

    @Test
    void aDeadLetterWithoutATopicKeepsComing() {
        subscribe(",'deadLetterPolicy':{'deadLetterTopic':'" + DEAD_LETTERS + "','maxDeliveryAttempts':5}");
        assertThat(call("DELETE", "/topics/dead-letters", "").status()).isEqualTo(200);
        answers.addAll(List.of(500, 500, 500, 500, 500, 500, 204));

        publish("{'data':'aGk='}");
        time.pass(Duration.ofHours(1));

        assertThat(pushes).hasSize(7);
    }

    @Test
    void aFailingMessageHoldsBackLaterOnesOfItsKeyAlone() {
        subscribe(",'enableMessageOrdering':true,'retryPolicy':{'minimumBackoff':'10s','maximumBackoff':'60s'}");
        answers.addAll(List.of(500, 204, 204, 204));

        publish("{'data':'" + base64("first") + "','orderingKey':'payments'}");
        publish("{'data':'" + base64("second") + "','orderingKey':'payments'}");
        publish("{'data':'" + base64("other") + "','orderingKey':'billing'}");
        time.settle();
        assertThat(pushes).extracting(Pushed::text).containsExactly("first", "other");

        time.pass(Duration.ofSeconds(10));
        assertThat(pushes).extracting(Pushed::text).containsExactly("first", "other", "first", "second");
    }

    /** Unlike the official emulator (0.8.20), which then pushes nothing any more: https://cloud.google.com/pubsub/docs/ordering */
    @Test
    void anOrderedMessageBecomesADeadLetterWithItsKeyAndLetsTheNextPass() {
        subscribe(",'enableMessageOrdering':true,'deadLetterPolicy':{'deadLetterTopic':'" + DEAD_LETTERS
                + "','maxDeliveryAttempts':5}");
        answers.addAll(List.of(500, 500, 500, 500, 500, 204));

        publish("{'data':'" + base64("first") + "','orderingKey':'payments'}");
        publish("{'data':'" + base64("second") + "','orderingKey':'payments'}");
        time.pass(Duration.ofHours(1));

        assertThat(pushes)
                .extracting(Pushed::text)
                .containsExactly("first", "first", "first", "first", "first", "second");
        assertThat(pubSub.published(DEAD_LETTERS))
                .extracting(PubSubMessage::text, PubSubMessage::orderingKey)
                .containsExactly(tuple("first", "payments"));
        assertThat(pubSub.outstanding()).isZero();
    }

    @Test
    void withoutOrderingAKeyHoldsNothingBack() {
        subscribe("");
        answers.addAll(List.of(500, 204));

        publish("{'data':'" + base64("first") + "','orderingKey':'payments'}");
        publish("{'data':'" + base64("second") + "','orderingKey':'payments'}");
        time.settle();

        assertThat(pushes).extracting(Pushed::text).containsExactly("first", "second");
    }

    @Test
    void everySecondAcknowledgedMessageComesTwice() {
        subscribe("");
        pubSub.duplicateEvery(2);

        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            ids.add(publish("{'data':'aGk='}"));
            time.settle();
        }

        assertThat(pushes)
                .extracting(Pushed::messageId)
                .containsExactly(ids.get(0), ids.get(1), ids.get(1), ids.get(2), ids.get(3), ids.get(3));
        assertThat(pubSub.outstanding()).isZero();
    }

    @Test
    void everySubscriptionOfATopicGetsItsOwnCopy() {
        subscribe("");
        assertThat(put("/subscriptions/results", "{'topic':'" + TOPIC + "'}").status())
                .isEqualTo(200);

        publish("{'data':'aGk='}");
        time.settle();

        assertThat(pushes).hasSize(1);
        assertThat(pull("results").path("receivedMessages")).hasSize(1);
    }

    @Test
    void pulledMessagesStayAwayUntilTheirDeadline() {
        pullSubscription();
        publish("{'data':'aGk=','attributes':{'a':'b'}}");

        JsonNode first = pull("results").path("receivedMessages");
        assertThat(first).hasSize(1);
        assertThat(first.path(0).path("message").path("data").asText()).isEqualTo("aGk=");
        assertThat(pull("results").path("receivedMessages")).isEmpty();

        time.pass(Duration.ofSeconds(10));
        JsonNode second = pull("results").path("receivedMessages");
        assertThat(second.path(0).path("message")).isEqualTo(first.path(0).path("message"));
        assertThat(second.path(0).path("ackId")).isNotEqualTo(first.path(0).path("ackId"));
    }

    @Test
    void anAcknowledgedPullDoesNotComeAgain() {
        pullSubscription();
        publish("{'data':'aGk='}");

        assertThat(post("/subscriptions/results:acknowledge", "{'ackIds':['" + pulledAckId() + "']}")
                        .status())
                .isEqualTo(200);

        time.pass(Duration.ofHours(1));
        assertThat(pull("results").path("receivedMessages")).isEmpty();
    }

    @Test
    void aLongerDeadlineReplacesTheFirst() {
        pullSubscription();
        publish("{'data':'aGk='}");

        post(
                "/subscriptions/results:modifyAckDeadline",
                "{'ackIds':['" + pulledAckId() + "'],'ackDeadlineSeconds':60}");

        time.pass(Duration.ofSeconds(59));
        assertThat(pull("results").path("receivedMessages")).isEmpty();
        time.pass(Duration.ofSeconds(1));
        assertThat(pull("results").path("receivedMessages")).hasSize(1);
    }

    @Test
    void aDeadlineOfZeroGivesTheMessageBack() {
        pullSubscription();
        publish("{'data':'aGk='}");

        post("/subscriptions/results:modifyAckDeadline", "{'ackIds':['" + pulledAckId() + "'],'ackDeadlineSeconds':0}");
        time.settle();

        assertThat(pull("results").path("receivedMessages")).hasSize(1);
    }

    @Test
    void aWaitingPullIsAnsweredByTheNextMessage() throws Exception {
        pullSubscription();
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> post("/subscriptions/results:pull", "{'maxMessages':10}"));
        time.awaitSomeoneWaiting();

        publish("{'data':'aGk='}");

        assertThat(read(waiting.get(10, TimeUnit.SECONDS).text()).path("receivedMessages"))
                .hasSize(1);
    }

    @Test
    void aWaitingPullComesBackEmptyAfterAWhile() throws Exception {
        pullSubscription();
        CompletableFuture<Reply> waiting =
                CompletableFuture.supplyAsync(() -> post("/subscriptions/results:pull", "{'maxMessages':10}"));
        time.awaitSomeoneWaiting();

        time.pass(Duration.ofSeconds(5));

        assertThat(waiting.get(10, TimeUnit.SECONDS).text()).isEqualTo("{}");
    }

    @Test
    void closingDeliversNothingAnyMore() {
        subscribe("");
        publish("{'data':'aGk='}");

        pubSub.close();
        time.pass(Duration.ofHours(1));

        assertThat(pushes).isEmpty();
    }

    @Test
    void aDeletedSubscriptionDeliversNothingAnyMore() {
        subscribe("");
        publish("{'data':'aGk='}");

        assertThat(call("DELETE", "/subscriptions/onboard", "").status()).isEqualTo(200);
        time.pass(Duration.ofHours(1));

        assertThat(pushes).isEmpty();
        assertThat(pubSub.outstanding()).isZero();
    }

    @Test
    void publishingIsAllOrNothing() {
        assertThat(post("/topics/requests:publish", "{'messages':[{'data':'aGk='},{}]}")
                        .status())
                .isEqualTo(400);

        assertThat(pubSub.published(TOPIC)).isEmpty();
    }

    @Test
    void aMessageOfMoreThanTenMegabytesIsRefused() {
        byte[] large = new byte[10_000_001];
        Arrays.fill(large, (byte) 'x');

        assertThat(post(
                                "/topics/requests:publish",
                                "{'messages':[{'data':'" + Base64.getEncoder().encodeToString(large) + "'}]}")
                        .status())
                .isEqualTo(400);
        assertThat(pubSub.published(TOPIC)).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() {
        assertThat(List.of(
                        post("/topics/absent:publish", "{'messages':[{'data':'aGk='}]}"),
                        call("GET", "/topics/absent", ""),
                        call("DELETE", "/topics/absent", ""),
                        call("GET", "/subscriptions/absent", ""),
                        post("/subscriptions/absent:pull", "{'maxMessages':1}"),
                        put("/subscriptions/onboard", "{'topic':'projects/acme-functions/topics/absent'}")))
                .extracting(
                        reply -> read(reply.text()).path("error").path("status").asText())
                .containsOnly("NOT_FOUND");
    }

    @Test
    void nonsenseIsAnInvalidArgument() {
        assertThat(List.of(
                        put("/topics/t", "{}"),
                        put("/topics/google", "{}"),
                        put("/topics/fine", "{'unknown':1}"),
                        post("/topics/requests:publish", "no JSON"),
                        post("/topics/requests:publish", "{'messages':[]}"),
                        post("/topics/requests:publish", "{'messages':[{'data':'!'}]}"),
                        put("/subscriptions/onboard", "{'topic':'" + TOPIC + "','ackDeadlineSeconds':9}"),
                        put(
                                "/subscriptions/onboard",
                                "{'topic':'" + TOPIC + "','pushConfig':{'pushEndpoint':'ftp://x'}}"),
                        put(
                                "/subscriptions/onboard",
                                "{'topic':'" + TOPIC + "','retryPolicy':{'minimumBackoff':'601s'}}")))
                .extracting(
                        reply -> read(reply.text()).path("error").path("status").asText())
                .containsOnly("INVALID_ARGUMENT");
    }

    @Test
    void whatIsNotSimulatedSaysSo() {
        assertThat(List.of(
                        put("/subscriptions/onboard", "{'topic':'" + TOPIC + "','filter':'attributes:a'}"),
                        call("PATCH", "/topics/requests", "{}"),
                        call("GET", "/topics/requests:getIamPolicy", "")))
                .extracting(Reply::status)
                .containsOnly(501);
    }

    @Test
    void everyCallIsInTheJournal() {
        journal.clear();

        publish("{'data':'aGk='}");
        call("GET", "/topics/absent", "");

        assertThat(journal.entries())
                .containsExactly(
                        new Journal.Entry("pubsub", "Publish " + TOPIC, true, 200),
                        new Journal.Entry("pubsub", "GetTopic projects/acme-functions/topics/absent", false, 404));
    }

    private int push(URI endpoint, String json, Duration deadline) {
        assertThat(endpoint).isEqualTo(URI.create("http://127.0.0.1:9/onboard"));
        assertThat(deadline).isEqualTo(Duration.ofSeconds(20));
        pushes.add(new Pushed(Duration.between(Instant.parse("2026-11-24T08:00:00Z"), time.instant()), read(json)));
        return answers.isEmpty() ? 204 : answers.remove();
    }

    private void subscribe(String more) {
        Reply reply = put(
                "/subscriptions/onboard",
                "{'topic':'" + TOPIC + "','pushConfig':{'pushEndpoint':'http://127.0.0.1:9/onboard'},"
                        + "'ackDeadlineSeconds':20" + more + "}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    }

    private void pullSubscription() {
        assertThat(put("/subscriptions/results", "{'topic':'" + TOPIC + "'}").status())
                .isEqualTo(200);
    }

    private String publish(String message) {
        Reply reply = post("/topics/requests:publish", "{'messages':[" + message + "]}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return read(reply.text()).path("messageIds").path(0).asText();
    }

    private JsonNode pull(String subscription) {
        Reply reply = post("/subscriptions/" + subscription + ":pull", "{'maxMessages':10,'returnImmediately':true}");
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return read(reply.text());
    }

    private String pulledAckId() {
        return pull("results").path("receivedMessages").path(0).path("ackId").asText();
    }

    private Reply put(String path, String json) {
        return call("PUT", path, json);
    }

    private Reply post(String path, String json) {
        return call("POST", path, json);
    }

    private Reply call(String method, String path, String json) {
        return pubSub.answer(Call.of(
                method,
                URI.create(PROJECT + path),
                Map.of(),
                json.replace('\'', '"').getBytes(UTF_8)));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    /** JSON is written with single quotes here, so that it can be read. */
    private static String quoted(String json) {
        return json.replace('\'', '"');
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
