package cmek.client.pubsub;

import cmek.client.http.GoogleAuth;
import cmek.client.http.GoogleHttp;
import cmek.client.http.GoogleRest;
import cmek.client.http.Retry;
import cmek.config.CmekConfig;
import cmek.finding.Reason;
import cmek.finding.TransientException;
import cmek.model.SafeText;
import com.google.api.gax.batching.BatchingSettings;
import com.google.api.gax.core.CredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.rpc.TransportChannelProvider;
import com.google.cloud.pubsub.v1.TopicAdminClient;
import com.google.cloud.pubsub.v1.stub.HttpJsonPublisherStub;
import com.google.cloud.pubsub.v1.stub.PublisherStubSettings;
import com.google.protobuf.ByteString;
import com.google.pubsub.v1.PublishResponse;
import com.google.pubsub.v1.PubsubMessage;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pub/Sub over HTTP/JSON by Google's client. Its {@code Publisher} only speaks gRPC and batches in the background; a
 * function has one message and must know that it was accepted.
 */
@Singleton
final class PubSubTopics implements Topics {

    private static final int BATCH = 500;

    private final GoogleHttp http;
    private final GoogleAuth credential;
    private final Retry retry;
    private final GoogleRest rest;
    private final CmekConfig config;
    private final URI url;
    private @Nullable TopicAdminClient made;

    @Inject
    PubSubTopics(GoogleHttp http, GoogleAuth credential, Retry retry, CmekConfig config) {
        this(http, credential, retry, config, Optional.ofNullable(System.getenv("PUBSUB_EMULATOR_HOST")));
    }

    PubSubTopics(GoogleHttp http, GoogleAuth credential, Retry retry, CmekConfig config, Optional<String> emulator) {
        this.http = http;
        this.credential = credential;
        this.retry = retry;
        this.config = config;
        this.url = emulator.filter(host -> !host.isBlank())
                .map(host -> URI.create("http://" + host))
                .orElse(config.google().pubsubUrl());
        this.rest = new GoogleRest("Pub/Sub", config.concurrency(), () -> credential.renew(url));
    }

    @Override
    public void publish(String topic, String json, Map<String, String> attributes, String orderingKey) {
        publish(topic, List.of(message(new Outgoing(json, attributes, orderingKey))));
    }

    private static PubsubMessage message(Outgoing message) {
        PubsubMessage.Builder made = PubsubMessage.newBuilder();
        message.attributes().forEach((name, value) -> made.putAttributes(name, SafeText.redact(value)));
        return made.setData(ByteString.copyFromUtf8(message.json()))
                .setOrderingKey(message.orderingKey())
                .build();
    }

    private void publish(String topic, List<PubsubMessage> messages) {
        String name = "projects/" + config.google().project().orElseThrow() + "/topics/"
                + config.topics().prefix() + topic;
        retry.repeatable(() -> {
            try {
                return taken(rest.call("Publish", () -> client().publish(name, messages)), messages.size());
            } catch (GoogleRest.Failed e) {
                throw e.error().toException("Publish", name);
            }
        });
    }

    /** A call takes up to a thousand messages and ten megabytes; ours are of a few kilobytes each. */
    @Override
    public void publishAll(String topic, Stream<Outgoing> messages) {
        List<PubsubMessage> batch = new ArrayList<>();
        Iterator<PubsubMessage> rest = messages.map(PubSubTopics::message).iterator();
        while (rest.hasNext()) {
            batch.add(rest.next());
            if (batch.size() == BATCH) {
                publish(topic, List.copyOf(batch));
                batch.clear();
            }
        }
        if (!batch.isEmpty()) {
            publish(topic, batch);
        }
    }

    /** Only an id for every message confirms that all were accepted. */
    private static PublishResponse taken(PublishResponse answer, int messages) {
        if (answer.getMessageIdsCount() != messages) {
            throw new TransientException(
                    Reason.GOOGLE_UNAVAILABLE, "Publish was answered without an id for every message", null);
        }
        return answer;
    }

    /** With a separate client that sends nothing: it loads all classes that the real one needs. */
    @Override
    public void warmUp() {
        client();
        try (TopicAdminClient rehearsing = made(
                http.disconnectedChannel(
                        PublisherStubSettings.defaultHttpJsonTransportProviderBuilder(), "{\"messageIds\":[\"1\"]}"),
                NoCredentialsProvider.create())) {
            rehearsing.publish("projects/-/topics/-", List.of(message(new Outgoing("{}", Map.of("a", "b"), "k"))));
        }
    }

    @PreDestroy
    synchronized void close() {
        if (made != null) {
            made.close();
        }
    }

    private synchronized TopicAdminClient client() {
        TopicAdminClient client = made;
        if (client == null) {
            client = made(
                    http.channel(PublisherStubSettings.defaultHttpJsonTransportProviderBuilder(), url),
                    credential.providerFor(url));
            made = client;
        }
        return client;
    }

    private TopicAdminClient made(TransportChannelProvider channel, CredentialsProvider credentials) {
        try {
            PublisherStubSettings.Builder settings = PublisherStubSettings.newHttpJsonBuilder()
                    .setTransportChannelProvider(channel)
                    .setCredentialsProvider(credentials);
            http.timeOut(settings.publishSettings());
            // A message is sent at once and by itself: the batching of this client waits forever for ids that are
            // missing
            // from an answer.
            settings.publishSettings()
                    .setBatchingSettings(
                            BatchingSettings.newBuilder().setIsEnabled(false).build());
            return TopicAdminClient.create(HttpJsonPublisherStub.create(settings.build()));
        } catch (IOException e) {
            throw new TransientException(Reason.GOOGLE_UNAVAILABLE, "the client of Pub/Sub cannot be created now", e);
        }
    }
}
